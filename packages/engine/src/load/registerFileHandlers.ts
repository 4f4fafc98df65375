import { requireTfjsNode } from './requireTfjsNode.js';
import { tfjs } from './tfjs.js';

type Router = Parameters<ReturnType<typeof tfjs>['io']['registerLoadRouter']>[0];
let registered = false;

/** Lets `tf.loadLayersModel` and `model.save` read and write `file://` folders, on any backend. */
export function registerFileHandlers(): void {
  if (registered) return;
  registered = true;
  const { nodeFileSystemRouter } = requireTfjsNode('io/file_system') as {
    nodeFileSystemRouter: Router;
  };
  const { io } = tfjs();
  io.registerLoadRouter(nodeFileSystemRouter);
  io.registerSaveRouter(nodeFileSystemRouter);
}

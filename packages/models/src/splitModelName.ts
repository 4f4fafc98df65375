/** `resnet18-nla@e2` -> the name, and where its attention module reads. */
export function splitModelName(name: string): { name: string; namAt?: string } {
  const at = name.indexOf('@');
  return at < 0 ? { name } : { name: name.slice(0, at), namAt: name.slice(at + 1) };
}

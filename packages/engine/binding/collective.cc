// Lets a process of tfjs join a cluster of TensorFlow, without a change to the sources of tfjs's binding. They are compiled with
//   tfjs_backend.cc  -DTFE_NewContext=nlm_NewContext -DTFE_DeleteContext=nlm_DeleteContext
//   tfjs_binding.cc  -Dnapi_register_module_v1=nlm_register_tfjs
// The cluster is taken from the global property `nonlocalMedCluster` while the addon is loaded, because the backend reads the
// name of its device once; without the property nothing here does anything.
#include <node_api.h>
#include <unistd.h>

#include <atomic>
#include <string>

#include "tensorflow/c/c_api.h"
#include "tensorflow/c/eager/c_api.h"

#ifdef __linux__
#include <netinet/in.h>
#include <sys/socket.h>
#endif

// From tensorflow/c/c_api_experimental.h and tensorflow/c/eager/c_api_experimental.h. Weak: a TensorFlow without them still loads.
extern "C" {
__attribute__((weak)) void TFE_EnableCollectiveOps(TFE_Context *, const void *proto, size_t length, TF_Status *);
__attribute__((weak)) void TFE_AbortCollectiveOps(TFE_Context *, TF_Status *);
__attribute__((weak)) void TFE_CollectiveOpsCheckPeerHealth(TFE_Context *, const char *task, int64_t timeout_in_ms, TF_Status *);
napi_value nlm_register_tfjs(napi_env env, napi_value exports);
// From Node's libuv: std::thread would need a C library as new as the one that it is compiled with.
int uv_thread_create(void *thread, void (*entry)(void *), void *argument);
}

// What is never destroyed is still used by threads of gRPC and by the watcher when the process ends.
static TFE_Context *context = nullptr;
static std::string &server_def = *new std::string;
static std::string &failure = *new std::string;
static bool joined = false;
static bool this_machine_only = false;
static int port = 0;
static int member = 0;
static int members = 0;

// The server of TensorFlow listens on all interfaces. For members on one machine its socket is bound to the loopback device, so
// that no packet from a network reaches it. Needs Linux 5.7, or the right to do so.
static bool BindToLoopback() {
#ifdef __linux__
  for (int fd = 0; fd < 65536; fd++) {
    int listens = 0;
    socklen_t length = sizeof listens;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &length) != 0 || !listens) continue;
    sockaddr_storage address;
    length = sizeof address;
    if (getsockname(fd, reinterpret_cast<sockaddr *>(&address), &length) != 0) continue;
    // In both families the port is at the same place.
    if (address.ss_family != AF_INET && address.ss_family != AF_INET6) continue;
    if (ntohs(reinterpret_cast<sockaddr_in *>(&address)->sin_port) != port) continue;
    if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) != 0) return false;
    this_machine_only = true;  // and further: gRPC may listen with several sockets
  }
#endif
  return this_machine_only;
}

// Called by the backend instead of TFE_NewContext, before it lists its devices.
extern "C" TFE_Context *nlm_NewContext(const TFE_ContextOptions *options, TF_Status *status) {
  TFE_Context *made = TFE_NewContext(options, status);
  if (made == nullptr || server_def.empty() || context != nullptr) return made;
  context = made;
  if (TFE_EnableCollectiveOps == nullptr) {
    TF_SetStatus(status, TF_UNIMPLEMENTED, "this TensorFlow has no collective operations");
  } else {
    TFE_EnableCollectiveOps(context, server_def.data(), server_def.size(), status);
  }
  if (TF_GetCode(status) != TF_OK) {
    failure = TF_Message(status);
  } else {
    joined = true;
    if (port != 0) BindToLoopback();
  }
  return context;
}

// Called by the backend at the end of the process. The server of a cluster cannot be shut down, and the watcher may use it.
extern "C" void nlm_DeleteContext(TFE_Context *deleted) {
  if (deleted != context) TFE_DeleteContext(deleted);
}

static std::string TaskName(int task) { return "/job:worker/replica:0/task:" + std::to_string(task); }

static napi_value Undefined(napi_env env) {
  napi_value result = nullptr;
  napi_get_undefined(env, &result);
  return result;
}

// checkMember(member: number, milliseconds: number): string | undefined, why it cannot be reached
static napi_value CheckMember(napi_env env, napi_callback_info info) {
  size_t argc = 2;
  napi_value args[2];
  int32_t task = 0;
  int64_t milliseconds = 0;
  napi_get_cb_info(env, info, &argc, args, nullptr, nullptr);
  napi_get_value_int32(env, args[0], &task);
  napi_get_value_int64(env, args[1], &milliseconds);
  TF_Status *status = TF_NewStatus();
  TFE_CollectiveOpsCheckPeerHealth(context, TaskName(task).c_str(), milliseconds, status);
  napi_value result = Undefined(env);
  if (TF_GetCode(status) != TF_OK) napi_create_string_utf8(env, TF_Message(status), NAPI_AUTO_LENGTH, &result);
  TF_DeleteStatus(status);
  return result;
}

// The watcher: while the thread of JavaScript waits in a collective, it asks the other members every second whether they are
// there, and aborts the collective if one does not answer in time. It is not JavaScript, whose thread is blocked; and a time limit
// of the collectives themselves would cost two sleeping threads per call.
static std::atomic<int64_t> patience{0};  // milliseconds in which a member must answer; 0 while nothing waits
static std::atomic<uint64_t> waits{0};    // counts the waits

static void Watch(void *) {
  const int tick = 200;  // milliseconds
  uint64_t seen = 0;
  int waited = 0;
  for (;;) {
    usleep(tick * 1000);
    const uint64_t wait = waits;
    const int64_t limit = patience;
    waited = limit > 0 && wait == seen ? waited + tick : 0;
    seen = wait;
    if (waited < 1000) continue;
    waited = 0;
    for (int task = 0; task < members; task++) {
      if (task == member) continue;
      TF_Status *status = TF_NewStatus();
      TFE_CollectiveOpsCheckPeerHealth(context, TaskName(task).c_str(), limit, status);
      // If the collective came back meanwhile, the next one fails: it would need the same member.
      if (TF_GetCode(status) != TF_OK && patience > 0) {
        const char *how = TF_GetCode(status) == TF_DEADLINE_EXCEEDED ? "silent" : "gone";
        TF_SetStatus(status, TF_UNAVAILABLE, ("lost member " + std::to_string(task) + " " + how + ";").c_str());
        TFE_AbortCollectiveOps(context, status);
        TF_DeleteStatus(status);
        return;
      }
      TF_DeleteStatus(status);
    }
  }
}

// watchMembers(milliseconds: number): begins to watch, or ends it with 0
static napi_value WatchMembers(napi_env env, napi_callback_info info) {
  size_t argc = 1;
  napi_value arg;
  int64_t milliseconds = 0;
  napi_get_cb_info(env, info, &argc, &arg, nullptr, nullptr);
  napi_get_value_int64(env, arg, &milliseconds);
  static bool started = false;
  static void *thread[2];
  if (!started) started = uv_thread_create(thread, Watch, nullptr) == 0;
  patience = milliseconds;
  waits++;
  return Undefined(env);
}

// { serverDef: Uint8Array, members: number, member: number, loopbackPort: number }
static void ReadCluster(napi_env env) {
  napi_value global, cluster, value;
  bool present = false;
  napi_get_global(env, &global);
  napi_has_named_property(env, global, "nonlocalMedCluster", &present);
  if (!present) return;
  napi_get_named_property(env, global, "nonlocalMedCluster", &cluster);
  size_t length = 0;
  void *data = nullptr;
  napi_get_named_property(env, cluster, "serverDef", &value);
  if (napi_get_typedarray_info(env, value, nullptr, &length, &data, nullptr, nullptr) != napi_ok) return;
  server_def.assign(static_cast<const char *>(data), length);
  napi_get_named_property(env, cluster, "members", &value);
  napi_get_value_int32(env, value, &members);
  napi_get_named_property(env, cluster, "member", &value);
  napi_get_value_int32(env, value, &member);
  napi_get_named_property(env, cluster, "loopbackPort", &value);
  napi_get_value_int32(env, value, &port);
}

extern "C" __attribute__((visibility("default"))) napi_value napi_register_module_v1(napi_env env, napi_value exports) {
  if (context == nullptr) ReadCluster(env);
  exports = nlm_register_tfjs(env, exports);
  if (!failure.empty()) {
    napi_value ignored;
    napi_get_and_clear_last_exception(env, &ignored);
    napi_throw_error(env, nullptr, failure.c_str());
    return exports;
  }
  if (!joined) return exports;
  napi_value only;
  napi_get_boolean(env, this_machine_only, &only);
  const napi_property_descriptor functions[] = {
      {"checkMember", nullptr, CheckMember, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"watchMembers", nullptr, WatchMembers, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"thisMachineOnly", nullptr, nullptr, nullptr, nullptr, only, napi_default, nullptr},
  };
  napi_define_properties(env, exports, sizeof functions / sizeof functions[0], functions);
  return exports;
}

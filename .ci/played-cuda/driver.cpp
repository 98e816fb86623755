// A CUDA driver that is played: libcuda.so.1 for machines without a GPU. It offers what ILGPU and NanoNet call of the
// driver's functions, on one device of compute capability 9.0 whose memory is the host's, and executes the PTX that it
// is given. So the code for NVIDIA GPUs runs: ILGPU's PTX, the launchers that pack a kernel's parameters, inline
// assembly, and steps as graphs. What a real driver refuses or does not survive is an error here and a line on standard
// error: stray and misaligned accesses, a wrong context or stream, a call that a capture forbids, parameters of the
// wrong size. It knows the instructions that ILGPU uses, and interprets them.
//   PLAYED_CUDA_LOG=FILE      complaints, and a line at the end with counts
//   PLAYED_CUDA_FAULT=1       two registers of matrix fragments are exchanged: tests must fail
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <set>
#include <string>

#include "ptx.hpp"

using namespace played;

namespace {

enum Status {
  Success = 0, InvalidValue = 1, OutOfMemory = 2, InvalidContext = 201, InvalidPtx = 218, InvalidHandle = 400,
  NotFound = 500, CaptureUnsupported = 900, CaptureInvalidated = 901,
};

struct Context {
  int failure = Success;  // of a kernel: every later call returns it
};

struct Work {
  const Kernel *kernel = nullptr;  // or a copy
  int grid[3] = {}, group[3] = {};
  std::vector<uint8_t> parameters;
  void *to = nullptr;
  const void *from = nullptr;
  size_t bytes = 0;
};

struct Graph {
  Context *context;
  std::vector<Work> work;
};

struct Stream {
  Context *context;
  Graph *recording = nullptr;
  bool isBroken = false;
};

std::recursive_mutex s_lock;
std::set<const void *> s_alive;  // contexts, streams, graphs
thread_local Context *t_context = nullptr;
long s_launches = 0, s_graphLaunches = 0, s_modules = 0, s_complaints = 0;

FILE *log() {
  static const char *name = getenv("PLAYED_CUDA_LOG");
  static FILE *file = name ? fopen(name, "a") : nullptr;
  return file ? file : stderr;
}

int complain(int status, const std::string &what) {
  if (s_complaints++ < 100) fprintf(log(), "played driver: %s\n", what.c_str()), fflush(log());
  return status;
}

// Every call needs its context to be the thread's. Returns what went wrong, or what a kernel did wrong before.
int check(const std::string &function, const Context *wanted = nullptr) {
  if (!t_context || !s_alive.count(t_context)) return complain(InvalidContext, function + " without a context");
  if (wanted && wanted != t_context) return complain(InvalidContext, function + " in another context");
  return t_context->failure;
}

int check(const std::string &function, const Stream *stream) {
  if (!s_alive.count(stream)) return complain(InvalidHandle, function + " on the default stream, or on none");
  return check(function, stream->context);
}

template <typename T>
int destroy(const std::string &function, T *object) {
  if (int status = check(function)) return status;
  if (s_alive.erase(object) == 0) return complain(InvalidHandle, function + " of what is gone");
  delete object;
  return Success;
}

void perform(const Work &work) {
  if (t_context->failure) return;
  if (!work.kernel) {
    memmove(work.to, work.from, work.bytes);
    return;
  }
  try {
    run(*work.kernel, work.grid, work.group, work.parameters.data());
  } catch (const Failure &failure) {
    t_context->failure = complain(failure.code, failure.what());
  }
}

int add(Stream *stream, Work work) {
  if (stream->recording) stream->recording->work.push_back(std::move(work));
  else perform(work);
  return Success;
}

int attribute(int number) {
  switch (number) {
    case 1: case 2: case 3: return 1024;          // threads of a group
    case 4: return 64;
    case 5: return INT32_MAX;                      // groups of a grid
    case 6: case 7: return 65535;
    case 8: return 49152;                          // shared memory of a group
    case 9: case 12: case 82: return 65536;        // constant memory, registers
    case 10: return WarpSize;
    case 16: return 132;                           // multiprocessors
    case 39: return 2048;
    case 75: return 9;                             // compute capability
    case 76: return 0;
    case 81: return 233472;
    default: return 1;
  }
}

struct Closing {
  ~Closing() {
    if (!getenv("PLAYED_CUDA_LOG")) return;
    fprintf(log(), "counts: %ld modules, %ld launches, %ld launches of graphs, %ld complaints, %zu objects left\n",
        s_modules, s_launches, s_graphLaunches, s_complaints, s_alive.size());
  }
} s_closing;

}  // namespace

#define LOCKED std::lock_guard<std::recursive_mutex> locked(s_lock)

extern "C" {

int cuInit(unsigned) { return Success; }

int cuDriverGetVersion(int *version) { return *version = 13000, Success; }

int cuGetErrorString(int status, const char **text) {
  static thread_local char words[32];
  snprintf(words, sizeof words, "played error %d", status);
  return *text = words, Success;
}

int cuDeviceGet(int *device, int ordinal) { return *device = ordinal, Success; }

int cuDeviceGetCount(int *count) { return *count = 1, Success; }

int cuDeviceGetName(char *name, int length, int) { return snprintf(name, length, "played GPU"), Success; }

int cuDeviceTotalMem_v2(size_t *bytes, int) { return *bytes = (size_t)80 << 30, Success; }

int cuDeviceGetAttribute(int *value, int number, int) { return *value = attribute(number), Success; }

int cuCtxCreate_v2(Context **context, int, int) {
  LOCKED;
  s_alive.insert(*context = t_context = new Context);
  return Success;
}

int cuCtxDestroy_v2(Context *context) {
  LOCKED;
  if (s_alive.erase(context) == 0) return complain(InvalidContext, "cuCtxDestroy of what is gone");
  if (t_context == context) t_context = nullptr;
  delete context;
  return Success;
}

int cuCtxSetCurrent(Context *context) {
  LOCKED;
  if (context && !s_alive.count(context)) return complain(InvalidContext, "cuCtxSetCurrent to what is gone");
  return t_context = context, Success;
}

int cuCtxSynchronize() { LOCKED; return check("cuCtxSynchronize"); }

int cuCtxGetCacheConfig(int *config) { return *config = 0, Success; }

int cuCtxGetSharedMemConfig(int *config) { return *config = 1, Success; }

int cuMemAlloc_v2(void **memory, size_t bytes) {
  LOCKED;
  if (int status = check("cuMemAlloc")) return status;
  if (bytes == 0) return complain(InvalidValue, "cuMemAlloc of nothing");
  *memory = aligned_alloc(512, (bytes + 511) / 512 * 512);
  if (!*memory) return OutOfMemory;
  memset(*memory, 0xFF, bytes);
  addMemory((uint64_t)*memory, bytes);
  return Success;
}

int cuMemFree_v2(void *memory) {
  LOCKED;
  if (int status = check("cuMemFree")) return status;
  if (!removeMemory((uint64_t)memory)) return complain(InvalidValue, "cuMemFree of what is gone");
  free(memory);
  return Success;
}

int cuMemcpyAsync(void *to, const void *from, size_t bytes, Stream *stream) {
  LOCKED;
  if (int status = check("cuMemcpyAsync", stream)) return status;
  if (stream->recording && !(isMemory((uint64_t)to) && isMemory((uint64_t)from))) {
    stream->isBroken = true;
    return complain(CaptureUnsupported, "a copy from or to the host is recorded");
  }
  Work copy;
  copy.to = to, copy.from = from, copy.bytes = bytes;
  return add(stream, copy);
}

int cuStreamCreate(Stream **stream, int flags) {
  LOCKED;
  if (int status = check("cuStreamCreate")) return status;
  if (flags != 1) complain(InvalidValue, "a stream that waits for the default one");
  s_alive.insert(*stream = new Stream{t_context});
  return Success;
}

int cuStreamDestroy_v2(Stream *stream) { LOCKED; return destroy("cuStreamDestroy", stream); }

int cuStreamSynchronize(Stream *stream) {
  LOCKED;
  if (int status = check("cuStreamSynchronize", stream)) return status;
  if (!stream->recording) return Success;
  stream->isBroken = true;
  return complain(CaptureUnsupported, "cuStreamSynchronize while it is recorded");
}

int cuModuleLoadDataEx(Module **module, const char *ptx, int count, const int *options, void **values) {
  LOCKED;
  if (int status = check("cuModuleLoadDataEx")) return status;
  s_modules++;
  try {
    *module = new Module(parse(ptx));
    return Success;
  } catch (const Failure &failure) {
    for (int i = 0; i < count; i++) {
      if (options[i] == 5) snprintf((char *)values[i], 1024, "%s", failure.what());  // CU_JIT_ERROR_LOG_BUFFER
    }
    return complain(InvalidPtx, failure.what());
  }
}

int cuModuleUnload(Module *) { LOCKED; return check("cuModuleUnload"); }

int cuModuleGetFunction(const Kernel **kernel, const Module *module, const char *name) {
  auto found = module->find(name);
  if (found == module->end()) return NotFound;
  return *kernel = found->second.get(), Success;
}

int cuLaunchKernel(const Kernel *kernel, int gridX, int gridY, int gridZ, int groupX, int groupY, int groupZ, int,
    Stream *stream, void **, void **extra) {
  LOCKED;
  if (int status = check("cuLaunchKernel", stream)) return status;
  s_launches++;
  bool isGrid = gridX > 0 && gridY > 0 && gridZ > 0 && gridY <= 65535 && gridZ <= 65535;
  bool isGroup = groupX > 0 && groupY > 0 && groupZ > 0 && groupX * groupY * groupZ <= 1024;
  bool fits = kernel->sharedBytes <= 49152;
  if (!isGrid || !isGroup || !fits) return complain(InvalidValue, "a grid or group of " + kernel->name);
  // CU_LAUNCH_PARAM_BUFFER_POINTER, the buffer, CU_LAUNCH_PARAM_BUFFER_SIZE, its size.
  size_t bytes = *(size_t *)extra[3];
  if (bytes != (size_t)kernel->parameterBytes) {
    return complain(InvalidValue, kernel->name + " has " + std::to_string(kernel->parameterBytes)
        + " bytes of parameters, not " + std::to_string(bytes));
  }
  auto *parameters = (uint8_t *)extra[1];
  return add(stream, {kernel, {gridX, gridY, gridZ}, {groupX, groupY, groupZ}, {parameters, parameters + bytes}});
}

int cuStreamBeginCapture_v2(Stream *stream, int mode) {
  LOCKED;
  if (int status = check("cuStreamBeginCapture", stream)) return status;
  if (mode != 2) complain(InvalidValue, "a recording that is not relaxed");
  s_alive.insert(stream->recording = new Graph{t_context, {}});
  stream->isBroken = false;
  return Success;
}

int cuStreamEndCapture(Stream *stream, Graph **graph) {
  LOCKED;
  if (int status = check("cuStreamEndCapture", stream)) return status;
  *graph = stream->recording;
  stream->recording = nullptr;
  if (!stream->isBroken) return Success;
  s_alive.erase(*graph);
  delete *graph;
  return *graph = nullptr, CaptureInvalidated;
}

int cuGraphInstantiateWithFlags(Graph **executable, Graph *graph, unsigned long long) {
  LOCKED;
  if (int status = check("cuGraphInstantiate", graph->context)) return status;
  s_alive.insert(*executable = new Graph(*graph));
  return Success;
}

int cuGraphLaunch(Graph *executable, Stream *stream) {
  LOCKED;
  if (int status = check("cuGraphLaunch", stream)) return status;
  if (!s_alive.count(executable)) return complain(InvalidHandle, "cuGraphLaunch of what is gone");
  s_graphLaunches++;
  for (auto &work : executable->work) perform(work);
  return Success;
}

int cuGraphExecDestroy(Graph *executable) { LOCKED; return destroy("cuGraphExecDestroy", executable); }

int cuGraphDestroy(Graph *graph) { LOCKED; return destroy("cuGraphDestroy", graph); }

}

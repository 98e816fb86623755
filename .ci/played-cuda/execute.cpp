// Runs kernels warp by warp, an instruction for all lanes at a time. Lanes that part meet again because those that are
// furthest back go first. Shared and local memory and registers hold NaNs until they are written.
#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>

#include "ptx.hpp"

namespace played {
namespace {

using std::vector;

std::map<uint64_t, uint64_t> s_memory;  // from start to end

float toFloat(uint32_t bits) {
  float value;
  memcpy(&value, &bits, 4);
  return value;
}

uint32_t toBits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, 4);
  return bits;
}

// ex2.approx and lg2.approx are off by up to 2^-22 (PTX ISA). Here by anything up to that, the same for equal operands.
float approximate(double exact, uint32_t operand, bool isRelative) {
  uint64_t hash = (operand + 1) * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 29;
  double error = ((double)(hash * 0xBF58476D1CE4E5B9ull >> 11) / (1ull << 52) - 1) * std::ldexp(1, -22);
  return (float)(isRelative ? exact * (1 + error) : exact + error);
}

// The largest float that is no larger in size: tensor cores cut off what they add up.
float cutOff(double value) {
  float nearest = (float)value;
  return std::fabs((double)nearest) > std::fabs(value) ? std::nextafterf(nearest, 0) : nearest;
}

// To eleven bits, ties away from zero.
uint32_t roundToTf32(uint32_t bits) {
  return (bits & 0x7F800000u) == 0x7F800000u ? bits : (bits + 0x1000u) & 0xFFFFE000u;
}

struct Warp {
  vector<uint32_t> registers32;
  vector<uint64_t> registers64;
  vector<uint8_t> local;
  uint32_t live = 0, waiting = 0;
  int places[WarpSize] = {};
};

class Group {
 public:
  Group(const Kernel &kernel, const int grid[3], const int group[3], const uint8_t *parameters)
      : _kernel(kernel), _grid(grid), _group(group), _parameters(parameters), _threads(group[0] * group[1] * group[2]),
        _shared(kernel.sharedBytes), _warps((_threads + WarpSize - 1) / WarpSize) {
    for (auto &warp : _warps) {
      warp.registers32.resize((size_t)kernel.registers32 * WarpSize);
      warp.registers64.resize((size_t)kernel.registers64 * WarpSize);
      warp.local.resize((size_t)kernel.localBytes * WarpSize);
    }
  }

  void run(int x, int y, int z) {
    _index[0] = x, _index[1] = y, _index[2] = z;
    memset(_shared.data(), 0xFF, _shared.size());
    for (int i = 0; i < (int)_warps.size(); i++) {
      auto &warp = _warps[i];
      int lanes = std::min(WarpSize, _threads - i * WarpSize);
      warp.live = lanes == WarpSize ? AllLanes : (1u << lanes) - 1;
      warp.waiting = 0;
      std::fill(std::begin(warp.places), std::end(warp.places), 0);
      memset(warp.registers32.data(), 0xFF, warp.registers32.size() * 4);
      memset(warp.local.data(), 0xFF, warp.local.size());
    }
    for (bool isRunning = true; isRunning;) {
      isRunning = false;
      for (int i = 0; i < (int)_warps.size(); i++) {
        advance(i);
        isRunning |= _warps[i].live != 0;
      }
      for (auto &warp : _warps) passBarrier(warp);
    }
  }

 private:
  // Until all lanes wait or have ended.
  void advance(int number) {
    auto &warp = _warps[number];
    _warp = &warp;
    _number = number;
    while (uint32_t ready = warp.live & ~warp.waiting) {
      int place = INT32_MAX;
      for (int lane = 0; lane < WarpSize; lane++) {
        if (ready >> lane & 1) place = std::min(place, warp.places[lane]);
      }
      uint32_t lanes = 0;
      for (int lane = 0; lane < WarpSize; lane++) {
        lanes |= (ready >> lane & 1) && warp.places[lane] == place ? 1u << lane : 0;
      }
      if (lanes == ready) advanceTogether(place, lanes);
      else advanceBy(place, lanes);
    }
  }

  // While all lanes that run are at one place, nobody keeps account of each lane's.
  void advanceTogether(int place, uint32_t lanes) {
    while (true) {
      auto &it = _kernel.code[place];
      if (it.op == Op::Barrier || it.op == Op::Return || it.op == Op::Branch) {
        uint32_t taking = it.op == Op::Branch ? lanesOf(it, lanes) : 0;
        if (it.op == Op::Branch && (taking == 0 || taking == lanes)) {
          place = taking == 0 ? place + 1 : it.target;
          continue;
        }
        for (int lane = 0; lane < WarpSize; lane++) {
          if (lanes >> lane & 1) _warp->places[lane] = place;
        }
        return advanceBy(place, lanes);
      }
      execute(it, lanesOf(it, lanes));
      place++;
    }
  }

  void advanceBy(int place, uint32_t lanes) {
    auto &it = _kernel.code[place];
    uint32_t taking = lanesOf(it, lanes);
    if (it.op == Op::Return) {
      _warp->live &= ~taking;
    } else if (it.op == Op::Barrier) {
      _warp->waiting |= taking;
      return;
    } else if (it.op != Op::Branch) {
      execute(it, taking);
    }
    for (int lane = 0; lane < WarpSize; lane++) {
      if (lanes >> lane & 1) _warp->places[lane] = it.op == Op::Branch && (taking >> lane & 1) ? it.target : place + 1;
    }
  }

  void passBarrier(Warp &warp) {
    for (int lane = 0; lane < WarpSize; lane++) {
      if (warp.waiting >> lane & 1) warp.places[lane]++;
    }
    warp.waiting = 0;
  }

  uint32_t lanesOf(const Instruction &it, uint32_t lanes) {
    if (it.predicate < 0) return lanes;
    uint32_t result = 0;
    for (int lane = 0; lane < WarpSize; lane++) {
      bool isTrue = _warp->registers32[it.predicate * WarpSize + lane] != 0;
      result |= (lanes >> lane & 1) && isTrue != it.unless ? 1u << lane : 0;
    }
    return result;
  }

  [[noreturn]] void fail(int code, const char *what, const Instruction &it) {
    throw Failure(code, std::string(what) + " in " + _kernel.name + ": " + it.text);
  }

  uint64_t special(const Operand &one, int lane) const {
    int thread = _number * WarpSize + lane;
    switch (one.kind) {
      case Kind::Constant: return one.value;
      case Kind::GroupSize: return _group[one.index];
      case Kind::GroupIndex: return _index[one.index];
      case Kind::GridSize: return _grid[one.index];
      default:
        return one.index == 0 ? thread % _group[0]
            : one.index == 1 ? thread / _group[0] % _group[1] : thread / _group[0] / _group[1];
    }
  }

  uint32_t narrow(const Operand &one, int lane) const { return _warp->registers32[one.index * WarpSize + lane]; }

  uint64_t wide(const Operand &one, int lane) const { return _warp->registers64[one.index * WarpSize + lane]; }

  const uint32_t *read32(const Operand &one, uint32_t *values) {
    if (one.kind == Kind::Register32) return &_warp->registers32[one.index * WarpSize];
    for (int lane = 0; lane < WarpSize; lane++) {
      values[lane] = (uint32_t)(one.kind == Kind::Register64 ? wide(one, lane) : special(one, lane));
    }
    return values;
  }

  const uint64_t *read64(const Operand &one, uint64_t *values) {
    if (one.kind == Kind::Register64) return &_warp->registers64[one.index * WarpSize];
    for (int lane = 0; lane < WarpSize; lane++) {
      values[lane] = one.kind == Kind::Register32 ? narrow(one, lane) : special(one, lane);
    }
    return values;
  }

  template <typename F>
  void each32(const Instruction &it, uint32_t lanes, F formula) {
    alignas(64) uint32_t values[3][WarpSize];
    const uint32_t *operands[3] = {values[0], values[1], values[2]};
    for (size_t i = 0; i < it.from.size(); i++) operands[i] = read32(it.from[i], values[i]);
    uint32_t *to = &_warp->registers32[it.to[0].index * WarpSize];
    const uint32_t *a = operands[0], *b = operands[1], *c = operands[2];
    if (lanes == AllLanes) {
      for (int lane = 0; lane < WarpSize; lane++) to[lane] = formula(a[lane], b[lane], c[lane]);
      return;
    }
    for (int lane = 0; lane < WarpSize; lane++) {
      if (lanes >> lane & 1) to[lane] = formula(a[lane], b[lane], c[lane]);
    }
  }

  // The result has 64 bits, or is a predicate.
  template <typename F>
  void each64(const Instruction &it, uint32_t lanes, F formula) {
    uint64_t values[3][WarpSize];
    const uint64_t *operands[3] = {values[0], values[1], values[2]};
    for (size_t i = 0; i < it.from.size(); i++) operands[i] = read64(it.from[i], values[i]);
    for (int lane = 0; lane < WarpSize; lane++) {
      if (lanes >> lane & 1) write(it.to[0], lane, formula(operands[0][lane], operands[1][lane], operands[2][lane]));
    }
  }

  void write(const Operand &one, int lane, uint64_t value) {
    if (one.kind == Kind::Register64) _warp->registers64[one.index * WarpSize + lane] = value;
    else _warp->registers32[one.index * WarpSize + lane] = (uint32_t)value;
  }

  void execute(const Instruction &it, uint32_t lanes) {
    if (lanes == 0) return;
    switch (it.op) {
      case Op::LoadParameter: return loadParameter(it, lanes);
      case Op::Load: case Op::Store: return access(it, lanes);
      case Op::MultiplyTensor: return multiplyTensor(it, lanes);
      case Op::Convert: return convert(it, lanes);
      case Op::SetPredicate: return compare(it, lanes);
      case Op::TestNaN: return each32(it, lanes, [](auto x, auto, auto) { return (x & 0x7FFFFFFFu) > 0x7F800000u; });
      case Op::MultiplyWide:
        if (it.type == Type::S32) {
          return each64(it, lanes, [](auto x, auto y, auto) { return (int64_t)(int32_t)x * (int32_t)y; });
        }
        return each64(it, lanes, [](auto x, auto y, auto) { return (uint64_t)(uint32_t)x * (uint32_t)y; });
      case Op::Select:
        if (sizeOf(it.type) == 8) return each64(it, lanes, [](auto x, auto y, auto p) { return p != 0 ? x : y; });
        return each32(it, lanes, [](auto x, auto y, auto p) { return p != 0 ? x : y; });
      default:
        if (it.type == Type::F32) return executeFloat(it, lanes);
        if (sizeOf(it.type) == 8) {
          return executeInteger<uint64_t, int64_t>(it, [&](auto formula) { each64(it, lanes, formula); });
        }
        return executeInteger<uint32_t, int32_t>(it, [&](auto formula) { each32(it, lanes, formula); });
    }
  }

  void executeFloat(const Instruction &it, uint32_t lanes) {
#define FLOATS(formula) \
  return each32(it, lanes, [&](uint32_t a, uint32_t b, uint32_t c) { \
    [[maybe_unused]] float x = toFloat(a), y = toFloat(b), z = toFloat(c); return toBits(formula); })
    uint32_t product = it.negatesProduct ? 0x80000000u : 0, sum = it.negatesSum ? 0x80000000u : 0;
    switch (it.op) {
      case Op::Abs: FLOATS(std::fabs(x));
      case Op::Add: FLOATS(x + y);
      case Op::Divide: FLOATS(x / y);
      case Op::Exp2: FLOATS(x == 0 ? 1 : approximate(std::exp2((double)x), a, true));
      case Op::Log2: FLOATS(x == 1 ? 0 : approximate(std::log2((double)x), a, x <= 0.5f || x >= 2));
      case Op::Max: FLOATS(std::fmax(x, y));
      case Op::Min: FLOATS(std::fmin(x, y));
      case Op::Move: FLOATS(x);
      case Op::Multiply: FLOATS(x * y);
      case Op::MultiplyAdd:
        return each32(it, lanes, [&](uint32_t a, uint32_t b, uint32_t c) {
          return toBits(__builtin_fmaf(toFloat(a ^ product), toFloat(b), toFloat(c ^ sum)));
        });
      case Op::Negate: FLOATS(-x);
      case Op::Reciprocal: FLOATS(1 / x);
      case Op::Root: FLOATS(std::sqrt(x));
      case Op::Subtract: FLOATS(x - y);
      default: fail(719, "an operation that floats do not have", it);
    }
#undef FLOATS
  }

  template <typename U, typename S, typename Each>
  void executeInteger(const Instruction &it, Each each) {
#define NUMBERS(formula) return each([](U x, U y, U z) -> U { (void)x, (void)y, (void)z; return (U)(formula); })
    bool isSigned = it.type == Type::S32 || it.type == Type::S64;
    constexpr U Bits = sizeof(U) * 8;
    switch (it.op) {
      case Op::Add: NUMBERS(x + y);
      case Op::And: NUMBERS(x & y);
      case Op::Max: if (isSigned) NUMBERS((S)x > (S)y ? x : y); NUMBERS(x > y ? x : y);
      case Op::Min: if (isSigned) NUMBERS((S)x < (S)y ? x : y); NUMBERS(x < y ? x : y);
      case Op::Move: NUMBERS(x);
      case Op::Multiply: NUMBERS(x * y);
      case Op::MultiplyAdd: NUMBERS(x * y + z);
      case Op::Negate: NUMBERS(-x);
      case Op::Not: if (it.type == Type::Pred) NUMBERS(x == 0); NUMBERS(~x);
      case Op::Or: NUMBERS(x | y);
      case Op::Remainder: if (isSigned) NUMBERS(y == 0 ? 0 : (S)x % (S)y); NUMBERS(y == 0 ? 0 : x % y);
      case Op::Divide: if (isSigned) NUMBERS(y == 0 ? -1 : (S)x / (S)y); NUMBERS(y == 0 ? ~(U)0 : x / y);
      case Op::ShiftLeft: NUMBERS((uint32_t)y >= Bits ? 0 : x << (uint32_t)y);
      case Op::ShiftRight:
        if (isSigned) NUMBERS((S)x >> std::min<uint32_t>((uint32_t)y, (uint32_t)Bits - 1));
        NUMBERS((uint32_t)y >= Bits ? 0 : x >> (uint32_t)y);
      case Op::Subtract: NUMBERS(x - y);
      case Op::Xor: NUMBERS(x ^ y);
      case Op::MultiplyHigh: if (sizeof(U) == 4 && !isSigned) NUMBERS((uint64_t)x * y >> 32); break;
      default: break;
    }
#undef NUMBERS
    fail(719, "an operation that integers do not have", it);
  }

  template <typename T, typename Each>
  static void compareAs(Compare compare, Each each) {
    switch (compare) {
      case Compare::Equal: return each([](T x, T y) { return x == y; });
      case Compare::NotEqual: return each([](T x, T y) { return x < y || x > y; });
      case Compare::Less: return each([](T x, T y) { return x < y; });
      case Compare::LessEqual: return each([](T x, T y) { return x <= y; });
      case Compare::Greater: return each([](T x, T y) { return x > y; });
      case Compare::GreaterEqual: return each([](T x, T y) { return x >= y; });
      case Compare::OrEqual: return each([](T x, T y) { return !(x < y || x > y); });
      case Compare::OrNotEqual: return each([](T x, T y) { return !(x == y); });
      case Compare::OrLess: return each([](T x, T y) { return !(x >= y); });
      case Compare::OrLessEqual: return each([](T x, T y) { return !(x > y); });
      case Compare::OrGreater: return each([](T x, T y) { return !(x <= y); });
      case Compare::OrGreaterEqual: return each([](T x, T y) { return !(x < y); });
    }
  }

  void compare(const Instruction &it, uint32_t lanes) {
    auto as32 = [&](auto convert) {
      return [&, convert](auto relation) {
        each32(it, lanes, [&](auto x, auto y, auto) -> uint32_t { return relation(convert(x), convert(y)); });
      };
    };
    auto each = [&](auto relation) {
      each64(it, lanes, [&](auto x, auto y, auto) -> uint64_t { return relation(x, y); });
    };
    switch (it.type) {
      case Type::F32: return compareAs<float>(it.compare, as32(toFloat));
      case Type::S32: return compareAs<int32_t>(it.compare, as32([](uint32_t x) { return (int32_t)x; }));
      case Type::U32: case Type::B32: return compareAs<uint32_t>(it.compare, as32([](uint32_t x) { return x; }));
      case Type::S64: return compareAs<int64_t>(it.compare, each);
      case Type::U64: case Type::B64: return compareAs<uint64_t>(it.compare, each);
      default: fail(719, "a comparison of another type", it);
    }
  }

  void convert(const Instruction &it, uint32_t lanes) {
    if (it.type == Type::Tf32) return each32(it, lanes, [](auto x, auto, auto) { return roundToTf32(x); });
    if (it.type == Type::F32 && it.source == Type::S32) {
      return each32(it, lanes, [](auto x, auto, auto) { return toBits((float)(int32_t)x); });
    }
    if (it.type == Type::F32 && it.source == Type::U32) {
      return each32(it, lanes, [](auto x, auto, auto) { return toBits((float)x); });
    }
    if (it.type == Type::F32 || it.source == Type::F32) fail(719, "a conversion", it);
    each64(it, lanes, [&](uint64_t x, uint64_t, uint64_t) -> uint64_t {
      switch (it.source) {
        case Type::B8: case Type::U8: return (uint8_t)x;
        case Type::S8: return (int64_t)(int8_t)x;
        case Type::B16: case Type::U16: return (uint16_t)x;
        case Type::S16: return (int64_t)(int16_t)x;
        case Type::S32: return (int64_t)(int32_t)x;
        case Type::B32: case Type::U32: return (uint32_t)x;
        default: return x;
      }
    });
  }

  void loadParameter(const Instruction &it, uint32_t lanes) {
    int size = sizeOf(it.type);
    for (int i = 0; i < it.width; i++) {
      uint64_t value = 0;
      memcpy(&value, _parameters + it.offset + i * size, size);
      for (int lane = 0; lane < WarpSize; lane++) {
        if (lanes >> lane & 1) write(it.to[i], lane, value);
      }
    }
  }

  void access(const Instruction &it, uint32_t lanes) {
    uint64_t values[WarpSize];
    const uint64_t *places = read64(it.from[0], values);
    int size = sizeOf(it.type), bytes = size * it.width;
    for (int lane = 0; lane < WarpSize; lane++) {
      if (!(lanes >> lane & 1)) continue;
      uint64_t place = places[lane] + it.offset;
      if (place % bytes != 0) fail(716, "a misaligned access", it);
      uint8_t *memory = find(it, place, bytes, lane);
      for (int i = 0; i < it.width; i++, memory += size) {
        if (it.op == Op::Load) {
          uint64_t value = 0;
          memcpy(&value, memory, size);
          write(it.to[i], lane, value);
        } else {
          auto &from = it.from[i + 1];
          uint64_t value = from.kind == Kind::Register64 ? wide(from, lane)
              : from.kind == Kind::Register32 ? narrow(from, lane) : special(from, lane);
          memcpy(memory, &value, size);
        }
      }
    }
  }

  uint8_t *find(const Instruction &it, uint64_t place, int bytes, int lane) {
    if (it.space == Space::Global) {
      if (place < _start || place + bytes > _end) {
        auto after = s_memory.upper_bound(place);
        if (after == s_memory.begin() || place + bytes > std::prev(after)->second) fail(700, "a stray access", it);
        _start = std::prev(after)->first, _end = std::prev(after)->second;
      }
      return (uint8_t *)place;
    }
    uint64_t size = it.space == Space::Shared ? _shared.size() : _kernel.localBytes;
    if (place + bytes > size) fail(700, "a stray access", it);
    return it.space == Space::Shared ? &_shared[place] : &_warp->local[(size_t)lane * size + place];
  }

  // Who has what: PTX ISA, "Matrix fragments for mma.m16n8k8", .tf32. The lower 13 bits of operands are not looked at.
  void multiplyTensor(const Instruction &it, uint32_t lanes) {
    if (lanes != AllLanes) fail(719, "a product of matrices by some lanes of a warp", it);
    double a[16][8], b[8][8], c[16][8];
    auto value = [&](int operand, int lane, uint32_t bits) {
      return toFloat(_warp->registers32[it.from[operand].index * WarpSize + lane] & bits);
    };
    static const bool isWrong = getenv("PLAYED_CUDA_FAULT") != nullptr;  // two of a's registers exchanged
    for (int lane = 0; lane < WarpSize; lane++) {
      int g = lane / 4, q = lane % 4;
      for (int i = 0; i < 4; i++) {
        int row = isWrong ? i / 2 : i % 2, depth = isWrong ? i % 2 : i / 2;
        a[g + 8 * row][q + 4 * depth] = value(i, lane, 0xFFFFE000u);
        c[g + i / 2 * 8][2 * q + i % 2] = value(6 + i, lane, AllLanes);
      }
      for (int i = 0; i < 2; i++) b[q + 4 * i][g] = value(4 + i, lane, 0xFFFFE000u);
    }
    for (int row = 0; row < 16; row++) {
      for (int depth = 0; depth < 8; depth++) {
        for (int column = 0; column < 8; column++) c[row][column] += a[row][depth] * b[depth][column];
      }
    }
    for (int lane = 0; lane < WarpSize; lane++) {
      for (int i = 0; i < 4; i++) write(it.to[i], lane, toBits(cutOff(c[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2])));
    }
  }

  const Kernel &_kernel;
  const int *_grid, *_group;
  const uint8_t *_parameters;
  int _threads, _index[3] = {}, _number = 0;
  vector<uint8_t> _shared;
  vector<Warp> _warps;
  Warp *_warp = nullptr;
  uint64_t _start = 1, _end = 0;  // the piece of memory that was accessed last
};

}  // namespace

void addMemory(uint64_t start, uint64_t bytes) { s_memory[start] = start + bytes; }

bool removeMemory(uint64_t start) { return s_memory.erase(start) == 1; }

bool isMemory(uint64_t place) {
  auto after = s_memory.upper_bound(place);
  return after != s_memory.begin() && place < std::prev(after)->second;
}

void run(const Kernel &kernel, const int grid[3], const int group[3], const uint8_t *parameters) {
  Group running(kernel, grid, group, parameters);
  for (int z = 0; z < grid[2]; z++) {
    for (int y = 0; y < grid[1]; y++) {
      for (int x = 0; x < grid[0]; x++) running.run(x, y, z);
    }
  }
}

}  // namespace played

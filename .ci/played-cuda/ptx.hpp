// What ILGPU writes of PTX, taken apart and executed: see driver.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace played {

constexpr int WarpSize = 32;
constexpr uint32_t AllLanes = ~0u;

enum class Op {
  Abs, Add, And, Barrier, Branch, Convert, Divide, Exp2, Load, LoadParameter, Log2, Max, Min, Move, Multiply,
  MultiplyAdd, MultiplyHigh, MultiplyTensor, MultiplyWide, Negate, None, Not, Or, Reciprocal, Remainder, Return, Root,
  Select, SetPredicate, ShiftLeft, ShiftRight, Store, Subtract, TestNaN, Xor,
};

enum class Type { Pred, B8, U8, S8, B16, U16, S16, B32, U32, S32, F32, Tf32, B64, U64, S64 };

// Those with Or hold for what is not a number too.
enum class Compare {
  Equal, NotEqual, Less, LessEqual, Greater, GreaterEqual,
  OrEqual, OrNotEqual, OrLess, OrLessEqual, OrGreater, OrGreaterEqual,
};

enum class Space { Global, Shared, Local };

// The special registers are vectors; their part is the index.
enum class Kind { Nothing, Register32, Register64, Constant, ThreadIndex, GroupSize, GroupIndex, GridSize };

struct Operand {
  Kind kind = Kind::Nothing;
  int index = 0;
  uint64_t value = 0;
};

struct Instruction {
  Op op = Op::None;
  Type type = Type::B32;
  Type source = Type::B32;  // of a conversion
  Compare compare = Compare::Equal;
  Space space = Space::Global;
  int predicate = -1;       // a 32-bit register; below zero: always
  bool unless = false;
  bool negatesProduct = false, negatesSum = false;
  int width = 1;            // of a load or store, in elements
  int target = -1;          // of a branch
  int64_t offset = 0;
  std::vector<Operand> to, from;
  std::string text;
};

struct Kernel {
  std::string name;
  std::vector<Instruction> code;
  int registers32 = 0, registers64 = 0, sharedBytes = 0, localBytes = 0, parameterBytes = 0;
};

// What a driver answers with an error code of its own.
struct Failure : std::runtime_error {
  Failure(int code, const std::string &what) : std::runtime_error(what), code(code) {}
  int code;
};

using Module = std::map<std::string, std::unique_ptr<Kernel>>;

inline int sizeOf(Type type) {
  bool isByte = type >= Type::B8 && type <= Type::S8, isShort = type >= Type::B16 && type <= Type::S16;
  return isByte ? 1 : isShort ? 2 : type >= Type::B64 ? 8 : 4;
}

// Throws Failure (218, an invalid PTX) about anything it does not know.
Module parse(const char *ptx);

// Runs a grid to its end. Throws Failure: 700 a stray access, 716 a misaligned one, 719 what else has no meaning.
void run(const Kernel &kernel, const int grid[3], const int group[3], const uint8_t *parameters);

// Device memory, which accesses must lie in.
void addMemory(uint64_t start, uint64_t bytes);
bool removeMemory(uint64_t start);
bool isMemory(uint64_t place);

}  // namespace played

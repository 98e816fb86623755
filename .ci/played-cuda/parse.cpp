// Takes the PTX apart that ILGPU writes: one instruction a line, labels on lines of their own.
#include <algorithm>
#include <cctype>
#include <set>
#include <sstream>

#include "ptx.hpp"

namespace played {
namespace {

using std::map;
using std::string;
using std::vector;

const map<string, Type> Types = {
  {"pred", Type::Pred}, {"b8", Type::B8}, {"u8", Type::U8}, {"s8", Type::S8}, {"b16", Type::B16}, {"u16", Type::U16},
  {"s16", Type::S16}, {"b32", Type::B32}, {"u32", Type::U32}, {"s32", Type::S32}, {"f32", Type::F32},
  {"tf32", Type::Tf32},
  {"b64", Type::B64}, {"u64", Type::U64}, {"s64", Type::S64},
};

const map<string, Compare> Comparisons = {
  {"eq", Compare::Equal}, {"ne", Compare::NotEqual}, {"lt", Compare::Less}, {"le", Compare::LessEqual},
  {"gt", Compare::Greater},
  {"ge", Compare::GreaterEqual}, {"lo", Compare::Less}, {"ls", Compare::LessEqual}, {"hi", Compare::Greater},
  {"hs", Compare::GreaterEqual}, {"equ", Compare::OrEqual}, {"neu", Compare::OrNotEqual}, {"ltu", Compare::OrLess},
  {"leu", Compare::OrLessEqual}, {"gtu", Compare::OrGreater}, {"geu", Compare::OrGreaterEqual},
};

const map<string, Op> Operations = {
  {"abs", Op::Abs}, {"add", Op::Add}, {"and", Op::And}, {"bar.sync", Op::Barrier}, {"bra", Op::Branch},
  {"bra.uni", Op::Branch}, {"cvta.to.global", Op::Move}, {"div", Op::Divide}, {"div.rn", Op::Divide},
  {"ex2.approx", Op::Exp2}, {"fma.rn", Op::MultiplyAdd}, {"lg2.approx", Op::Log2}, {"mad.lo", Op::MultiplyAdd},
  {"max", Op::Max}, {"min", Op::Min},
  {"mov", Op::Move}, {"mul", Op::Multiply}, {"mul.hi", Op::MultiplyHigh}, {"mul.lo", Op::Multiply},
  {"mul.wide", Op::MultiplyWide}, {"neg", Op::Negate}, {"not", Op::Not}, {"or", Op::Or}, {"rcp.rn", Op::Reciprocal},
  {"rem", Op::Remainder}, {"ret", Op::Return}, {"selp", Op::Select}, {"shl", Op::ShiftLeft}, {"shr", Op::ShiftRight},
  {"sqrt.rn", Op::Root}, {"sub", Op::Subtract}, {"testp.notanumber", Op::TestNaN}, {"xor", Op::Xor},
};

const map<string, Kind> SpecialRegisters = {
  {"%tid", Kind::ThreadIndex}, {"%ntid", Kind::GroupSize}, {"%ctaid", Kind::GroupIndex}, {"%nctaid", Kind::GridSize},
};

const map<string, Space> Spaces = {{"global", Space::Global}, {"shared", Space::Shared}, {"local", Space::Local}};

[[noreturn]] void unknown(const string &what, const string &line) { throw Failure(218, what + " in: " + line); }

string trimmed(const string &text) {
  auto first = text.find_first_not_of(" \t\r"), last = text.find_last_not_of(" \t\r;");
  return first == string::npos || last == string::npos ? "" : text.substr(first, last - first + 1);
}

vector<string> split(const string &text, char by) {
  vector<string> parts;
  string part;
  int depth = 0;
  for (char c : text) {
    depth += c == '{' ? 1 : c == '}' ? -1 : 0;
    if (c == by && depth == 0) {
      parts.push_back(trimmed(part));
      part.clear();
    } else {
      part += c;
    }
  }
  if (!trimmed(part).empty()) parts.push_back(trimmed(part));
  return parts;
}

class Parser {
 public:
  Module parse(const char *ptx) {
    std::istringstream lines(ptx);
    for (string line; std::getline(lines, line);) parseLine(trimmed(line.substr(0, line.find("//"))));
    return std::move(_module);
  }

 private:
  struct Parameter {
    int offset, size;
  };

  void parseLine(const string &line) {
    if (line.empty() || line == "{" || line == "(" || startsWith(line, ".version") || startsWith(line, ".target")
        || startsWith(line, ".address_size")) {
      return;
    }
    if (line.find(".entry") != string::npos) beginKernel(line);
    else if (!_kernel) unknown("something outside of kernels", line);
    else if (line == "}") endKernel();
    else if (startsWith(line, ".param")) addParameter(line);
    else if (line == ")") return;
    else if (startsWith(line, ".reg")) addRegisters(line);
    else if (startsWith(line, ".shared")) addMemory(line, _shared, _kernel->sharedBytes);
    else if (startsWith(line, ".local")) addMemory(line, _local, _kernel->localBytes);
    else if (line.back() == ':') _labels[line.substr(0, line.size() - 1)] = (int)_kernel->code.size();
    else addInstruction(line);
  }

  void beginKernel(const string &line) {
    auto start = line.find(".entry") + 6;
    auto kernel = std::make_unique<Kernel>();
    kernel->name = trimmed(line.substr(start, line.find('(') - start));
    _kernel = kernel.get();
    _module[kernel->name] = std::move(kernel);
    for (auto *names : {&_first, &_counts, &_shared, &_local, &_labels}) names->clear();
    _parameters.clear(), _jumps.clear();
  }

  void endKernel() {
    for (auto &[instruction, label] : _jumps) {
      if (!_labels.count(label)) unknown("a label that is nowhere", label);
      _kernel->code[instruction].target = _labels[label];
    }
    fuseProducts();
    _kernel = nullptr;
  }

  // .param .align 8 .b8 _y_1[16],   or   .param .b32 _count_2
  void addParameter(string line) {
    if (line.back() == ',') line.pop_back();
    int size = sizeOf(typeIn(line)), align = size;
    auto declared = declaration(line, size, align);
    place(_kernel->parameterBytes, size, align);
    _parameters[declared] = {_kernel->parameterBytes - size, size};
  }

  // .reg .b32 %r<7>;
  void addRegisters(const string &line) {
    auto start = line.find('%'), end = line.find('<');
    string family = line.substr(start + 1, end - start - 1);
    int &total = family == "rd" ? _kernel->registers64 : _kernel->registers32;
    _first[family] = total;
    _counts[family] = std::stoi(line.substr(end + 1));
    total += _counts[family];
  }

  void addMemory(const string &line, map<string, int> &places, int &total) {
    int size = 1, align = 1;
    string name = declaration(line, size, align);
    place(total, size, align);
    places[name] = total - size;
  }

  static void place(int &total, int size, int align) { total = (total + align - 1) / align * align + size; }

  static Type typeIn(const string &line) {
    Type type = Type::B32;
    for (auto &word : split(line, ' ')) {
      if (word[0] == '.' && Types.count(word.substr(1))) type = Types.at(word.substr(1));
    }
    return type;
  }

  // The name; size and alignment where the line gives them.
  static string declaration(const string &line, int &size, int &align) {
    auto words = split(line, ' ');
    for (size_t i = 0; i + 1 < words.size(); i++) {
      if (words[i] == ".align") align = std::stoi(words[i + 1]);
    }
    string name = words.back();
    if (name.find('\t') != string::npos) name = name.substr(name.rfind('\t') + 1);
    auto bracket = name.find('[');
    if (bracket != string::npos) size = std::stoi(name.substr(bracket + 1));
    return name.substr(0, bracket);
  }

  static bool startsWith(const string &text, const char *start) { return text.rfind(start, 0) == 0; }

  Operand operand(const string &text) {
    Operand result;
    auto dot = text.find('.');
    if (text[0] == '%' && dot != string::npos) {
      if (!SpecialRegisters.count(text.substr(0, dot))) unknown("a special register", text);
      result.kind = SpecialRegisters.at(text.substr(0, dot));
      result.index = text[dot + 1] - 'x';
    } else if (text[0] == '%') {
      size_t digits = text.find_first_of("0123456789");
      string family = text.substr(1, digits - 1);
      int number = std::stoi(text.substr(digits));
      if (!_first.count(family) || number >= _counts[family]) unknown("a register that was not declared", text);
      result.kind = family == "rd" ? Kind::Register64 : Kind::Register32;
      result.index = _first[family] + number;
    } else {
      result.kind = Kind::Constant;
      result.value = constant(text);
    }
    return result;
  }

  uint64_t constant(const string &text) {
    if (_shared.count(text)) return _shared[text];
    if (_local.count(text)) return _local[text];
    if (startsWith(text, "0f") || startsWith(text, "0F")) return std::stoull(text.substr(2), nullptr, 16);
    if (!isdigit(text[0]) && text[0] != '-') unknown("an operand", text);
    return text[0] == '-' ? (uint64_t)std::stoll(text) : std::stoull(text, nullptr, 0);
  }

  vector<Operand> operands(const string &text) {
    vector<Operand> result;
    string inner = text[0] == '{' ? text.substr(1, text.find('}') - 1) : text;
    for (auto &one : split(inner, ',')) result.push_back(operand(one));
    return result;
  }

  void addInstruction(const string &line) {
    Instruction it;
    it.text = line;
    string rest = line;
    if (rest[0] == '@') {
      auto end = rest.find_first_of(" \t");
      it.unless = rest[1] == '!';
      it.predicate = operand(rest.substr(it.unless ? 2 : 1, end - (it.unless ? 2 : 1))).index;
      rest = trimmed(rest.substr(end));
    }
    auto end = rest.find_first_of(" \t");
    string name = rest.substr(0, end);
    auto parts = split(name, '.');
    auto arguments = end == string::npos ? vector<string>() : split(rest.substr(end), ',');
    it.type = it.source = Types.count(parts.back()) ? Types.at(parts.back()) : Type::B32;
    if (parts[0] == "ld" || parts[0] == "st") {
      addAccess(it, parts, arguments);
    } else if (parts[0] == "mma") {
      if (name != "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32") unknown("a product of matrices", line);
      it.op = Op::MultiplyTensor;
      it.to = operands(arguments[0]);
      for (int i = 1; i < 4; i++) {
        for (auto &one : operands(arguments[i])) it.from.push_back(one);
      }
    } else {
      addOperation(it, name, parts, arguments);
    }
    _kernel->code.push_back(it);
  }

  void addAccess(Instruction &it, const vector<string> &parts, const vector<string> &arguments) {
    bool loads = parts[0] == "ld";
    string memory = arguments[loads ? 1 : 0];
    string place = memory.substr(1, memory.find(']') - 1);
    auto plus = place.find('+');
    if (plus != string::npos) it.offset = std::stoll(place.substr(plus + 1));
    place = place.substr(0, plus);
    auto values = operands(arguments[loads ? 0 : 1]);
    it.width = (int)values.size();
    int promised = 1;
    for (auto &part : parts) promised = part == "v2" ? 2 : part == "v4" ? 4 : promised;
    if (promised != it.width) unknown("a vector of another width", it.text);
    if (loads) it.to = values;
    if (loads && parts[1] == "param") {
      auto known = _parameters.find(place);
      int64_t end = it.offset + sizeOf(it.type) * it.width;
      if (known == _parameters.end() || end > known->second.size) unknown("a parameter", it.text);
      it.op = Op::LoadParameter;
      it.offset += known->second.offset;
      return;
    }
    if (!Spaces.count(parts[1])) unknown("a memory", it.text);
    it.op = loads ? Op::Load : Op::Store;
    it.space = Spaces.at(parts[1]);
    it.from.push_back(operand(place));
    if (!loads) it.from.insert(it.from.end(), values.begin(), values.end());
  }

  void addOperation(Instruction &it, const string &name, const vector<string> &parts, const vector<string> &arguments) {
    if (parts[0] == "setp") {
      if (parts.size() != 3 || !Comparisons.count(parts[1])) unknown("a comparison", it.text);
      it.op = Op::SetPredicate;
      it.compare = Comparisons.at(parts[1]);
    } else if (parts[0] == "cvt") {
      it.op = Op::Convert;
      it.type = name == "cvt.rna.tf32.f32" ? Type::Tf32 : Types.at(parts[parts.size() - 2]);
      if (it.type == Type::F32 && parts[1] != "rn" && it.source != Type::F32) unknown("a rounding", it.text);
    } else {
      string stem = Types.count(parts.back()) ? name.substr(0, name.rfind('.')) : name;
      auto known = Operations.count(stem) ? Operations.find(stem) : Operations.find(name);
      if (known == Operations.end()) unknown("an instruction", it.text);
      it.op = known->second;
    }
    if (it.op == Op::Branch) {
      _jumps.push_back({(int)_kernel->code.size(), arguments[0]});
    } else if (it.op != Op::Barrier && it.op != Op::Return) {
      it.to = {operand(arguments[0])};
      for (size_t i = 1; i < arguments.size(); i++) it.from.push_back(operand(arguments[i]));
    }
  }

  // NVIDIA's assembler does not round a product that is added, of two products the first (as the machine code of the
  // Winograd transforms shows). Neither does this: in the golden run of Model B a near tie depends on it.
  void fuseProducts() {
    auto &code = _kernel->code;
    std::set<int> heads;
    for (auto &it : code) heads.insert(it.target);
    map<int, int> written;  // register to instruction, since the last label or branch
    for (int i = 0; i < (int)code.size(); i++) {
      if (heads.count(i)) written.clear();
      auto &it = code[i];
      if ((it.op == Op::Add || it.op == Op::Subtract) && it.type == Type::F32) fuse(it, written);
      if (it.op == Op::Branch) written.clear();
      for (auto &one : it.to) {
        if (one.kind == Kind::Register32) written[one.index] = i;
      }
    }
  }

  void fuse(Instruction &sum, const map<int, int> &written) {
    for (int term = 0; term < 2; term++) {
      auto place = written.find(sum.from[term].kind == Kind::Register32 ? sum.from[term].index : -1);
      if (place == written.end()) continue;
      auto &product = _kernel->code[place->second];
      bool isFresh = product.op == Op::Multiply && product.type == Type::F32 && product.predicate < 0;
      for (auto &factor : product.from) {
        auto again = written.find(factor.kind == Kind::Register32 ? factor.index : -1);
        isFresh = isFresh && (again == written.end() || again->second < place->second);
      }
      if (!isFresh) continue;
      sum.negatesProduct = sum.op == Op::Subtract && term == 1;
      sum.negatesSum = sum.op == Op::Subtract && term == 0;
      sum.from = {product.from[0], product.from[1], sum.from[1 - term]};
      sum.op = Op::MultiplyAdd;
      return;
    }
  }

  Module _module;
  Kernel *_kernel = nullptr;
  map<string, Parameter> _parameters;
  map<string, int> _first, _counts, _shared, _local, _labels;
  vector<std::pair<int, string>> _jumps;
};

}  // namespace

Module parse(const char *ptx) { return Parser().parse(ptx); }

}  // namespace played

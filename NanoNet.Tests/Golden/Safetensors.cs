using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace NanoNet.Tests.Golden;

/// <summary>
/// The float64 tensors of a safetensors file: eight bytes with the header's length, a JSON header, the numbers.
/// </summary>
internal sealed class Safetensors
{
    private readonly byte[] _bytes;
    private readonly int _start;
    private readonly JsonElement _header;

    public Safetensors(string path)
    {
        _bytes = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadInt64LittleEndian(_bytes);
        _start = 8 + headerLength;
        _header = JsonDocument.Parse(Encoding.UTF8.GetString(_bytes, 8, headerLength)).RootElement;
    }

    public bool Contains(string name) => _header.TryGetProperty(name, out _);

    public double[] this[string name]
    {
        get
        {
            var entry = _header.GetProperty(name);
            if (entry.GetProperty("dtype").GetString() != "F64")
            {
                throw new InvalidDataException($"{name}: expected F64.");
            }

            var offsets = entry.GetProperty("data_offsets");
            var bytes = _bytes.AsSpan((_start + offsets[0].GetInt32())..(_start + offsets[1].GetInt32()));
            return MemoryMarshal.Cast<byte, double>(bytes).ToArray();
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace NanoNet.Tests.Models;

/// <summary>Reads the double-precision tensors of a safetensors file: a JSON header behind its length, then the data.</summary>
internal sealed class SafetensorsFile
{
    private readonly Dictionary<string, double[]> _tensors = [];

    public SafetensorsFile(string path)
    {
        ReadOnlySpan<byte> bytes = File.ReadAllBytes(path);
        int headerLength = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        using var header = JsonDocument.Parse(bytes.Slice(8, headerLength).ToArray());
        var data = bytes[(8 + headerLength)..];
        foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
        {
            if (entry.Value.GetProperty("dtype").GetString() != "F64")
            {
                throw new InvalidDataException($"{path}: expected doubles, got {entry.Value}.");
            }

            var offsets = entry.Value.GetProperty("data_offsets");
            _tensors.Add(entry.Name, MemoryMarshal.Cast<byte, double>(data[offsets[0].GetInt32()..offsets[1].GetInt32()]).ToArray());
        }
    }

    public double[] this[string name] => _tensors[name];
}

using System.Globalization;
using System.Text;
using NanoNet.Kernels;

namespace NanoNet.Core.Tensors;

/// <content>How tensors are read.</content>
public sealed partial class Tensor
{
    /// <summary>Along an axis longer than twice this, <see cref="ToString"/> prints the ends only.</summary>
    private const int EdgeItems = 3;

    /// <summary>The values in row-major order; waits for the device.</summary>
    /// <exception cref="InvalidOperationException">The elements are not float32.</exception>
    public float[] ToArray()
    {
        RequireType(ElementType.Float32, nameof(ToArray));
        var values = new float[Count];
        Backend.Download<float>(values, Buffer);
        return values;
    }

    /// <summary>The class indices in row-major order; waits for the device.</summary>
    /// <exception cref="InvalidOperationException">The elements are not int32.</exception>
    public int[] ToLabels()
    {
        RequireType(ElementType.Int32, nameof(ToLabels));
        var values = new int[Count];
        Backend.Download<int>(values, Buffer);
        return values;
    }

    /// <summary>The only value of a tensor of one element; waits for the device.</summary>
    /// <exception cref="InvalidOperationException">There is more than one element.</exception>
    public float Item()
    {
        if (Count != 1)
        {
            throw new InvalidOperationException($"Item() reads a tensor of one element, this one has shape {Shape}. Use ToArray().");
        }

        return ToArray()[0];
    }

    /// <summary>Shape, device and values, as NumPy prints them; long axes are shortened.</summary>
    public override string ToString()
    {
        if (_buffer is null)
        {
            return $"Tensor {Shape}, disposed";
        }

        var text = new StringBuilder($"Tensor {Shape} {Type} on {Device.Info.Name}").AppendLine();
        var values = Type == ElementType.Int32 ? Array.ConvertAll(ToLabels(), label => (float)label) : ToArray();
        Append(text, values, Shape.Sizes, 0);
        return text.ToString();
    }

    private static void Append(StringBuilder text, ReadOnlySpan<float> values, ReadOnlySpan<int> sizes, int depth)
    {
        if (sizes.IsEmpty)
        {
            text.Append(values[0].ToString("G5", CultureInfo.InvariantCulture));
            return;
        }

        int stride = values.Length / sizes[0];
        string separator = sizes.Length == 1 ? ", " : ",\n" + new string(' ', depth + 1);
        text.Append('[');
        for (int i = 0; i < sizes[0]; i++)
        {
            if (i == EdgeItems && sizes[0] > 2 * EdgeItems)
            {
                text.Append('…').Append(separator);
                i = sizes[0] - EdgeItems;
            }

            Append(text, values.Slice(i * stride, stride), sizes[1..], depth + 1);
            text.Append(i < sizes[0] - 1 ? separator : "]");
        }
    }

    private void RequireType(ElementType type, string member)
    {
        if (Type != type)
        {
            throw new InvalidOperationException($"{member}() reads {type} elements, this tensor of shape {Shape} holds {Type}.");
        }
    }
}

using System.Text;

namespace NanoNet.Core.Models;

/// <summary>How Keras names layers.</summary>
internal static class LayerNames
{
    /// <summary>Dense → dense, Conv2D → conv2d, MaxPooling2D → max_pooling2d.</summary>
    public static string SnakeCase(string typeName)
    {
        var name = new StringBuilder();
        for (int i = 0; i < typeName.Length; i++)
        {
            bool startsWord = i > 0 && char.IsUpper(typeName[i]) && char.IsLower(typeName[i - 1]);
            if (startsWord)
            {
                name.Append('_');
            }

            name.Append(char.ToLowerInvariant(typeName[i]));
        }

        return name.ToString();
    }
}

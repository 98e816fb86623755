using System.IO.Compression;
using System.Text;
using NanoNet.Core.Errors;
using NanoNet.Core.Layers;
using NanoNet.Core.Models;
using NanoNet.Core.Tensors;
using NanoNet.Kernels;
using NanoNet.Tests.Data;
using Xunit;

namespace NanoNet.Tests.Formats;

/// <summary>Files that cannot be used end in one sentence that names the file and the trouble.</summary>
public sealed class DamagedKerasArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Device _device = Device.Open(DeviceChoice.Cpu, threads: 1);
    private readonly string _path;

    public DamagedKerasArchiveTests()
    {
        _path = _folder.File("model.keras");
        using var model = Small(3);
        model.Compile(new Core.Optimizers.Sgd());
        model.Save(_path);
    }

    public void Dispose()
    {
        _device.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var error = Assert.Throws<DataNotFoundException>(() => Sequential.Load(_folder.File("none.keras"), _device));
        Assert.Contains("none.keras cannot be read", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_names_that_Keras_opens_are_written()
    {
        using var model = Small(3);
        Assert.Throws<ArgumentException>(() => model.Save(_folder.File("model.h5")));
    }

    [Fact]
    public void A_file_cut_short_anywhere_or_none_at_all_is_refused()
    {
        var whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length += 97)
        {
            File.WriteAllBytes(_path, whole[..length]);
            AssertRefused("");
        }
    }

    [Fact]
    public void A_flipped_bit_in_any_member_is_noticed()
    {
        var whole = File.ReadAllBytes(_path);
        foreach (string inside in new[] { "GlorotUniform", "\u0089HDF" })
        {
            var flipped = (byte[])whole.Clone();
            flipped[whole.AsSpan().IndexOf(Encoding.Latin1.GetBytes(inside)) + 1] ^= 1;
            File.WriteAllBytes(_path, flipped);
            AssertRefused("damaged");
        }
    }

    [Theory]
    [InlineData("config.json")]
    [InlineData("model.weights.h5")]
    public void A_missing_member_is_named(string member)
    {
        using (var archive = ZipFile.Open(_path, ZipArchiveMode.Update))
        {
            archive.GetEntry(member)!.Delete();
        }

        AssertRefused($"expected a member {member}, but found none");
    }

    [Theory]
    [InlineData("{", "", "JSON in config.json")]
    [InlineData("'Sequential'", "'Functional'", "a Sequential model (config.json, class_name), but found 'Functional'")]
    [InlineData("'Dropout'", "'LSTM'", "Dropout, Activation (layer dropout, class_name), but found 'LSTM'")]
    [InlineData("'relu'", "'gelu'", "linear or relu or sigmoid or softmax (layer dense, activation), but found 'gelu'")]
    [InlineData("'kernel_regularizer': null", "'kernel_regularizer': 'l2'", "no kernel_regularizer (layer dense")]
    [InlineData("'units': 7", "'units': 7, 'dtype': 'float16'", "float32 (layer dense, dtype), but found")]
    [InlineData("'units': 7", "'units': 7, 'data_format': 'channels_first'", "channels_last (layer dense")]
    [InlineData("'units': 7", "'units': 7, 'trainable': false", "a layer that is trained (layer dense")]
    [InlineData("'units': 7", "'units': -7", "a whole number of at least 1 (layer dense, units), but found -7")]
    [InlineData("'units': 7", "'units': 8", "shape (5, 8) in /layers/dense/vars/0, but found (5, 7)")]
    [InlineData("'units': 7", "'unit': 7", "a value for units (layer dense), but found none")]
    [InlineData("'use_bias': true", "'use_bias': false", "1 arrays for layer dense in /layers/dense/vars, but found 2")]
    [InlineData("'rate': 0.25", "'rate': 1.0", "a rate of at least 0 and below 1")]
    [InlineData("'momentum': 0.0", "'momentum': 0.5", "6 arrays of optimizer state in /optimizer/vars, but found 2")]
    [InlineData("5\n", "5, 5\n", "layers that fit one another")]
    public void A_configuration_that_we_cannot_follow_is_refused(string part, string replacement, string complaint)
    {
        EditConfig(part, replacement);
        AssertRefused(complaint.Replace('\'', '"'));
    }

    [Theory]
    [InlineData("'SGD'", "'Adam'")]
    [InlineData("'categorical_crossentropy'", "'mse'")]
    [InlineData("'learning_rate': 0.01", "'learning_rate': {'class_name': 'ExponentialDecay'}")]
    [InlineData("'momentum': 0.0", "'clipnorm': 1.0, 'momentum': 0.0")]
    public void A_model_that_was_compiled_otherwise_comes_uncompiled(string part, string replacement)
    {
        EditConfig(part, replacement);
        using var model = Sequential.Load(_path, _device);
        Assert.Null(model.Optimizer);
    }

    [Fact]
    public void A_changed_byte_in_the_configuration_that_the_archive_does_not_show_is_refused_or_harmless()
    {
        byte[] sound = ReadMember("config.json");
        var random = new Random(1);
        for (int round = 0; round < 500; round++)
        {
            var damaged = (byte[])sound.Clone();
            damaged[random.Next(damaged.Length)] ^= (byte)random.Next(1, 256);
            WriteMember("config.json", damaged);
            try
            {
                Sequential.Load(_path, _device).Dispose();
            }
            catch (DataFormatException)
            {
                // Some changes hit a name or a default and are harmless; the others must end here and nowhere else.
            }
        }
    }

    [Fact]
    public void Weights_cut_short_before_they_were_archived_are_refused()
    {
        byte[] sound = ReadMember("model.weights.h5");
        for (int length = 0; length < sound.Length; length += 41)
        {
            WriteMember("model.weights.h5", sound[..length]);
            AssertRefused("");
        }
    }

    [Fact]
    public void Weights_of_another_model_are_refused_and_change_nothing()
    {
        using var other = Small(4);
        var before = other.GetWeights();
        var error = Assert.Throws<DataFormatException>(() => other.LoadWeights(_path));
        Assert.Contains("shape (7, 4) in /layers/dense_1/vars/0", error.Message, StringComparison.Ordinal);
        Assert.All(before.Zip(other.GetWeights()), pair => Assert.True(pair.First.AsSpan().SequenceEqual(pair.Second)));
    }

    private Sequential Small(int classes) => new("Small", _device, new Shape(5),
    [
        new Dense(7, ActivationFunction.Relu),
        new Dropout(0.25f),
        new Dense(classes, ActivationFunction.Softmax),
    ]);

    private void AssertRefused(string complaint)
    {
        long live = _device.LiveBytes;
        var error = Assert.Throws<DataFormatException>(() => Sequential.Load(_path, _device));
        Assert.StartsWith(_path, error.Message, StringComparison.Ordinal);
        Assert.Contains(complaint, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
        Assert.Equal(live, _device.LiveBytes);
    }

    // JSON in single quotes, which need no escapes in C#. A repeated key counts where it stands last.
    private void EditConfig(string part, string replacement)
    {
        string text = Encoding.UTF8.GetString(ReadMember("config.json")).Replace('"', '\'');
        int at = text.IndexOf(part, StringComparison.Ordinal);
        Assert.True(at >= 0, $"{part} is not in {text}");
        string edited = string.Concat(text.AsSpan(0, at), replacement, text.AsSpan(at + part.Length));
        WriteMember("config.json", Encoding.UTF8.GetBytes(edited.Replace('\'', '"')));
    }

    private byte[] ReadMember(string name)
    {
        using var archive = ZipFile.OpenRead(_path);
        using var stream = archive.GetEntry(name)!.Open();
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private void WriteMember(string name, byte[] content)
    {
        using var archive = ZipFile.Open(_path, ZipArchiveMode.Update);
        archive.GetEntry(name)!.Delete();
        using var stream = archive.CreateEntry(name, CompressionLevel.NoCompression).Open();
        stream.Write(content);
    }
}

using Xunit;

namespace NanoNet.Tests.Assignment;

/// <summary>A wrong command line ends in one sentence and exit code 2, before anything is read or written.</summary>
public sealed class BadCommandLineTests
{
    [Theory]
    [InlineData("There is no model 'C'; --model takes A, B or both.", "train", "--model", "C")]
    [InlineData("There is no model 'A,B'; --model takes A, B or both.", "--model", "A,B")]
    [InlineData("There is no model ''; --model takes A, B or both.", "--model", "")]
    [InlineData("There is no device 'gpu'; --device takes auto, cuda, opencl, cpu or ilgpu-cpu.", "--device", "gpu")]
    [InlineData("There is no precision 'half'; --precision takes float32, tf32 or tf32x3.", "--precision", "half")]
    public void AWordThatIsNoneOfAFew(string sentence, params string[] args) => AssertRefused(sentence, args);

    [Theory]
    [InlineData("--epochs", "a whole number from 1 to 10000", "0", "-3", "1.5", "10001", "99999999999", "ten", "")]
    [InlineData("--batch", "a whole number from 1 to 1000000", "0", "-1", "many", "32 ", "1e3")]
    [InlineData("--learning-rate", "a number above 0, such as 0.01", "0", "-1", "0,01", "NaN", "inf", "1e39", "1e-99")]
    [InlineData("--seed", "a whole number from 0 to 18446744073709551615", "-1", "18446744073709551616", "x")]
    [InlineData("--threads", "a whole number from 1 to 1024", "0", "1025", "all")]
    [InlineData("--data", "the name of a folder", "", " ")]
    [InlineData("--out", "the name of a folder", "", " ")]
    [InlineData("--transfer-epochs", "a whole number from 1 to 10000", "0", "10001")]
    [InlineData("--transfer-step", "a whole number from 1 to 1000000", "0", "1000001")]
    [InlineData("--transfer-max", "a whole number from 1 to 1000000", "0", "all")]
    [InlineData("--draws", "a whole number from 1 to 100", "0", "101", "three")]
    [InlineData("--converge-steps", "a whole number from 0 to 1000000", "-1", "1000001")]
    public void AValueOutOfItsRange(string option, string expected, params string[] values)
    {
        foreach (string value in values)
        {
            AssertRefused($"{option} takes {expected}, not '{value}'.", "all", option, value);
            AssertRefused(
                value.Length > 0 ? $"{option} takes {expected}, not '{value}'." : $"'{option}'", $"{option}={value}");
        }
    }

    [Theory]
    [InlineData("--model")]
    [InlineData("--device")]
    [InlineData("--precision")]
    [InlineData("--epochs")]
    [InlineData("--batch")]
    [InlineData("--learning-rate")]
    [InlineData("--seed")]
    [InlineData("--threads")]
    [InlineData("--data")]
    [InlineData("--out")]
    [InlineData("--transfer-epochs")]
    [InlineData("--transfer-step")]
    [InlineData("--transfer-max")]
    [InlineData("--draws")]
    [InlineData("--converge-steps")]
    public void AnOptionWithoutItsValueOrGivenTwice(string option)
    {
        string value = option == "--model" ? "A" : option == "--device" ? "cpu" : option == "--precision" ? "tf32" : "200";

        AssertRefused($"'{option}'", "all", option);
        AssertRefused($"'{option}'", option, value, "all", option, value);
        AssertRefused($"'{value}'", "all", option, value, value);
    }

    [Theory]
    [InlineData("--full-sweep")]
    [InlineData("--quick")]
    [InlineData("--fresh")]
    [InlineData("--classic")]
    public void AFlagWithAValue(string flag)
    {
        AssertRefused("'no'", "summary", flag, "no");
        AssertRefused("'no'", "summary", $"{flag}=no");
    }

    [Theory]
    [InlineData("'dance'", "dance")]
    [InlineData("'confusion'", "train", "confusion")]
    [InlineData("'--colour'", "train", "--colour", "red")]
    [InlineData("'--classic'", "train", "--classic")]
    [InlineData("'-x'", "devices", "-x")]
    public void AWordThatTheCommandDoesNotKnow(string word, params string[] args) => AssertRefused(word, args);

    [Theory]
    [InlineData("--transfer-max 50 is less than one step of 100", "transfer", "--transfer-max", "50")]
    [InlineData("--transfer-max 50 is less than one step of 60", "--transfer-max", "50", "--transfer-step", "60")]
    [InlineData("--transfer-step takes a whole", "--transfer-max", "50", "--transfer-step", "x")]
    public void OptionsThatDoNotFitOneAnother(string sentence, params string[] args) => AssertRefused(sentence, args);

    [Theory]
    [InlineData("summary", "--device cpu", "--seed 1", "--threads 2", "--out x", "--quick", "--fresh")]
    [InlineData("train", "--transfer-step 5", "--transfer-max 500", "--transfer-epochs 1", "--draws 1", "--full-sweep")]
    [InlineData("confusion", "--epochs 2", "--batch 16", "--seed 1", "--quick", "--fresh", "--draws 1")]
    [InlineData("extremes", "--learning-rate 1", "--converge-steps 0", "--transfer-max 500", "--fresh")]
    [InlineData("transfer", "--epochs 2")]
    [InlineData("devices", "--model A", "--device cpu", "--data x")]
    public void AnOptionThatTheCommandDoesNotUse(string command, params string[] options)
    {
        foreach (string option in options)
        {
            string[] words = option.Split(' ');

            AssertRefused($"{command} does not use {words[0]}. See --help.", [command, .. words]);
            AssertRefused($"{command} does not use {words[0]}. See --help.", [.. words, command]);
        }
    }

    private static void AssertRefused(string sentence, params string[] args) =>
        ProgramRun.Of(args).AssertRefused(2, sentence, "See --help.");
}

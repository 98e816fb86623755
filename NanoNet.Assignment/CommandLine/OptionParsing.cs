using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace NanoNet.Assignment.CommandLine;

/// <summary>Options whose errors are sentences that say what was expected.</summary>
internal static class OptionParsing
{
    /// <summary>One of a few words, in any case.</summary>
    public static Option<T> Choice<T>(
        string name, string thing, string description, params (string Word, T Value)[] choices)
    {
        var words = choices.Select(choice => choice.Word).ToArray();
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', words),
            CustomParser = result =>
            {
                string word = result.Tokens[0].Value;
                foreach (var choice in choices)
                {
                    if (choice.Word.Equals(word, StringComparison.OrdinalIgnoreCase))
                    {
                        return choice.Value;
                    }
                }

                string known = $"{string.Join(", ", words.SkipLast(1))} or {words[^1]}";
                return Refuse<T>(result, $"There is no {thing} '{word}'; {name} takes {known}.");
            },
        };
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>A whole number of at least 1, or as given.</summary>
    public static Option<int?> Whole(
        string name, string helpName, string description, int most = int.MaxValue, int least = 1) =>
        Parsed<int?>(
            name, helpName, description,
            most == int.MaxValue ? $"a whole number of at least {least}" : $"a whole number from {least} to {most}",
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                && number >= least && number <= most
                ? number
                : null);

    /// <summary>A number above 0.</summary>
    public static Option<float?> Positive(string name, string helpName, string description) =>
        Parsed<float?>(
            name, helpName, description, "a number above 0, such as 0.01",
            text => float.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out float number)
                && float.IsFinite(number) && number > 0
                ? number
                : null);

    /// <summary>A whole number of at least 0.</summary>
    public static Option<ulong?> Seed(string name, string description) =>
        Parsed<ulong?>(
            name, "N", description, "a whole number of at least 0",
            text => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
                ? number
                : null);

    private static Option<T> Parsed<T>(
        string name, string helpName, string description, string expected, Func<string, T> parse) => new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result => parse(result.Tokens[0].Value) is { } value
                ? value
                : Refuse<T>(result, $"{name} takes {expected}, not '{result.Tokens[0].Value}'."),
        };

    private static T Refuse<T>(ArgumentResult result, string sentence)
    {
        result.AddError(sentence);
        return default!;
    }
}

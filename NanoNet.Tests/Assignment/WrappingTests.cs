using NanoNet.Assignment.Terminal;
using Xunit;

namespace NanoNet.Tests.Assignment;

public sealed class WrappingTests
{
    [Theory]
    [InlineData("Device  cpu: one two three", 20, "Device  cpu: one two|        three")]
    [InlineData("        cpu: one two three", 20, "        cpu: one two|        three")]
    [InlineData("  Pretrained, n = 100: 50 %", 18, "  Pretrained, n =|    100: 50 %")]
    [InlineData("one two three four", 9, "one two|  three|  four")]
    [InlineData("one two", 7, "one two")]
    [InlineData("", 7, "")]
    [InlineData("/a/name/without/blanks", 7, "/a/name/without/blanks")]
    [InlineData("Data    /a/name/without/blanks", 12, "Data    /a/name/without/blanks")]
    [InlineData("a table\nof two lines", 7, "a table\nof two lines")]
    public void LongLinesAreBrokenAtBlanksAndIndented(string line, int width, string lines) =>
        Assert.Equal(lines.Split('|'), Wrapping.Lines(line, width));
}

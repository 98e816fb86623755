namespace NanoNet.Tests;

/// <summary>Files under TestData, which the build copies beside the tests.</summary>
internal static class TestFiles
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", name);

    public static string Read(string name) => File.ReadAllText(PathOf(name));
}

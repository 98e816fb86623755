namespace NanoNet.Core.Data;

/// <summary>A file that mirrors serve gzipped.</summary>
/// <param name="Name">Its name, without .gz.</param>
/// <param name="Sha256">The hash of its unzipped bytes, in lower-case hex; the gzipped ones differ from mirror to
/// mirror.</param>
internal sealed record MirroredFile(string Name, string Sha256);

namespace Microsoft.ML;

/// <summary>Names of entries in a model zip. Written with a slash; read with a slash or a backslash, as Windows programs write them.</summary>
internal static class ModelZipPath
{
    public static string Combine(string? directory, string name)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Contains("..", StringComparison.Ordinal) || Path.IsPathRooted(name))
        {
            throw new ArgumentOutOfRangeException(nameof(name), $"'{name}' is no name for an entry of a model zip.");
        }
        return string.IsNullOrEmpty(directory) ? Normalize(name) : Normalize(directory) + "/" + Normalize(name);
    }

    public static string Normalize(string path) => path.Replace('\\', '/');
}

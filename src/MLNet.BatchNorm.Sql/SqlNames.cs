namespace MLNet.BatchNorm.Sql;

/// <summary>Checks on names that will be quoted.</summary>
internal static class SqlNames
{
    /// <exception cref="ArgumentException">The name is empty, or has a NUL, at which engines in C would cut it off.</exception>
    public static void Check(string name, string parameterName)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameterName);
        if (name.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException($"Expected a name without NUL characters; found '{name.Replace('\0', '?')}'.", parameterName);
        }
    }

    /// <exception cref="ArgumentException">There is no name, one is not valid, or one stands there twice.</exception>
    public static void CheckList(IReadOnlyList<string> names, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(names, parameterName);
        if (names.Count == 0)
        {
            throw new ArgumentException("Expected the names of at least one column; found none.", parameterName);
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string name in names)
        {
            Check(name, parameterName);
            if (!seen.Add(name))
            {
                throw new ArgumentException($"Column '{name}' is named twice. Name each column once.", parameterName);
            }
        }
    }
}

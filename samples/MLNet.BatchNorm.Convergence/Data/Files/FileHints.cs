namespace MLNet.BatchNorm.Convergence.Data.Files;

/// <summary>What the user says of a file of their own. What is null is found out from the file.</summary>
public sealed record FileHints
{
    /// <summary>The character between fields.</summary>
    public char? Separator { get; init; }

    /// <summary>The decimal separator: a point or a comma.</summary>
    public char? DecimalSeparator { get; init; }

    /// <summary>The name of the encoding, as .NET knows it: utf-8, utf-16, windows-1252, ...</summary>
    public string? Encoding { get; init; }

    /// <summary>Columns to leave out.</summary>
    public IReadOnlyList<string> Ignore { get; init; } = [];

    /// <summary>Whether rows with a missing cell are left out; otherwise missing cells are filled.</summary>
    public bool DropIncompleteRows { get; init; }
}

namespace Microsoft.ML.Data;

/// <summary>The data lines of text files, with their numbers from 1.</summary>
internal static class TextLines
{
    /// <summary>Leaves out empty lines and comments (//), and before a file's first line also directives (#); and then the header.</summary>
    public static IEnumerable<(string Text, long Number)> Read(IMultiStreamSource source, bool hasHeader)
    {
        for (var file = 0; file < source.Count; file++)
        {
            using var reader = source.OpenTextReader(file);
            var isFirst = true;
            long number = 0;
            while (reader.ReadLine() is { } line)
            {
                number++;
                if (line.Length == 0 || line.StartsWith("//", StringComparison.Ordinal) || (isFirst && line[0] == '#'))
                {
                    continue;
                }

                if (!isFirst || !hasHeader)
                {
                    yield return (line, number);
                }

                isFirst = false;
            }
        }
    }
}

using System.Text.Json.Nodes;

namespace MLNet.BatchNorm.Notebooks;

/// <summary>A cell, over the JSON that it is saved as: what is not understood here stays as it was.</summary>
internal sealed class NotebookCell(JsonObject json)
{
    public bool IsCode => (string?)json["cell_type"] == "code";

    public string Source => Join(json["source"]);

    public IReadOnlyList<string> Tags => [.. (json["metadata"]?["tags"]?.AsArray() ?? []).Select(tag => (string)tag!)];

    /// <summary>The outputs that are saved with the cell.</summary>
    public IReadOnlyList<CellOutput> Outputs => [.. (json["outputs"]?.AsArray() ?? []).Select(output => Read(output!.AsObject()))];

    public void SetOutputs(int executionCount, IReadOnlyList<CellOutput> outputs)
    {
        json["execution_count"] = executionCount;
        json["outputs"] = new JsonArray([.. outputs.Select(Write)]);
    }

    private static CellOutput Read(JsonObject output)
    {
        string type = (string)output["output_type"]!;
        if (type == "stream")
        {
            return new CellOutput(CellOutput.Text, Join(output["text"]));
        }
        if (type is "display_data" or "execute_result" && output["data"]?[CellOutput.Html] is { } html)
        {
            return new CellOutput(CellOutput.Html, Join(html));
        }
        throw new InvalidDataException($"A cell has a saved output of type '{type}'. Expected what a cell prints, or displays as {CellOutput.Html}: run the notebook again.");
    }

    private static JsonObject Write(CellOutput output) => output.MimeType == CellOutput.Text
        ? new JsonObject { ["name"] = "stdout", ["output_type"] = "stream", ["text"] = Split(output.Content) }
        : new JsonObject
        {
            ["data"] = new JsonObject { [output.MimeType] = Split(output.Content) },
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data",
        };

    // The notebook format keeps text as an array of lines with their ends, or as one string.
    private static string Join(JsonNode? text) => text is JsonArray lines ? string.Concat(lines.Select(line => (string)line!)) : (string?)text ?? "";

    private static JsonArray Split(string text)
    {
        var lines = new JsonArray();
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            end = end < 0 ? text.Length : end + 1;
            lines.Add((JsonNode)text[start..end]);
            start = end;
        }
        return lines;
    }
}

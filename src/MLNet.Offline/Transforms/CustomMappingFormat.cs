using System.Reflection;

namespace Microsoft.ML.Transforms;

/// <summary>
/// The stock format of a custom mapping: the names of a contract and of the assembly where its factory is. Factories are not in the
/// subset, so that loading ends as it does where there is none of that name.
/// </summary>
internal static class CustomMappingFormat
{
    public const string LoaderSignature = "CustomTransformer";

    private static readonly ComponentVersion Version = new()
    {
        ModelSignature = "CUSTOMXF",
        Written = 0x00010002,
        Readable = 0x00010002,
        OldestReadable = 0x00010002,
        LoaderSignature = LoaderSignature,
        LoaderAssembly = ComponentVersion.TransformsAssembly,
    };

    // Format: the contract's name; the full name of its assembly.
    public static void Save(ModelSaveContext ctx, string contractName, Assembly contractAssembly)
    {
        ctx.CheckAtModel();
        ctx.SetVersionInfo(Version);
        ctx.SaveString(contractName);
        ctx.SaveString(contractAssembly.FullName!);
    }

    public static object Load(ModelLoadContext context)
    {
        context.CheckVersionInfo(Version);
        var contractName = context.LoadString();
        Assembly.Load(context.LoadString());
        throw new InvalidOperationException(
            $"Unable to locate an extension for the contract '{contractName}': the offline implementation of Microsoft.ML has no factories of custom mappings.");
    }
}

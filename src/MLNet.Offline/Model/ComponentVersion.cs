namespace Microsoft.ML;

/// <summary>What a component writes about itself in its model header: its format, the format's versions, and the loader that reads it.</summary>
internal sealed record ComponentVersion
{
    /// <summary>The assembly that holds nearly every component of this subset, as the real library names it in its models.</summary>
    public const string DataAssembly = "Microsoft.ML.Data, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    public const string TransformsAssembly = "Microsoft.ML.Transforms, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    public const string StandardTrainersAssembly =
        "Microsoft.ML.StandardTrainers, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    public const string MklComponentsAssembly =
        "Microsoft.ML.Mkl.Components, Version=1.0.0.0, Culture=neutral, PublicKeyToken=cc7b13ffcd2ddd51";

    /// <summary>Eight characters that name the format; a space stands for a zero byte.</summary>
    public required string ModelSignature { get; init; }

    /// <summary>The version that is written, and the newest that can be read.</summary>
    public required uint Written { get; init; }

    /// <summary>The oldest software version that can read what is written.</summary>
    public required uint Readable { get; init; }

    /// <summary>The oldest version that can still be read.</summary>
    public required uint OldestReadable { get; init; }

    /// <summary>The name under which <see cref="ComponentLoaders"/> knows the component.</summary>
    public required string LoaderSignature { get; init; }

    /// <summary>An older name of the loader.</summary>
    public string LoaderSignatureAlternate { get; init; } = "";

    public string LoaderAssembly { get; init; } = DataAssembly;
}

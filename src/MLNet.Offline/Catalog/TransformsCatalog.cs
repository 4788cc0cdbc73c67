using Microsoft.ML.Runtime;

namespace Microsoft.ML;

/// <summary>Where extension methods that make transforming estimators hang.</summary>
public sealed partial class TransformsCatalog : Data.IInternalCatalog
{
    // Reached by name from outside: other libraries get their environment from this field.
    private readonly IHostEnvironment _env;

    internal TransformsCatalog(IHostEnvironment env)
    {
        _env = env;
        Conversion = new ConversionTransforms(this);
    }

    public ConversionTransforms Conversion { get; }

    IHostEnvironment Data.IInternalCatalog.Environment => _env;

    /// <summary>Conversions between column types.</summary>
    public sealed partial class ConversionTransforms : Data.IInternalCatalog
    {
        private readonly IHostEnvironment _env;

        internal ConversionTransforms(TransformsCatalog owner) => _env = owner._env;

        IHostEnvironment Data.IInternalCatalog.Environment => _env;
    }
}

using System.Collections.Immutable;
using Microsoft.ML;
using MLNet.BatchNorm.Interop;

namespace MLNet.BatchNorm;

/// <summary>The inverse of a fitted transformer: a map without statistics of its own, saved as plain stock ML.NET and nothing else.</summary>
internal sealed class InverseTransformer(HostEnvironment host, ImmutableArray<AffineColumn> columns) : AffineTransformer(host, columns)
{
    private protected override void SaveCore(ModelSaveContext context, ITransformer stock) => stock.Save(context);
}

using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML;

namespace MLNet.BatchNorm.Benchmarks.Report;

/// <summary>What was measured, and on what.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var assembly = typeof(MLContext).Assembly;
        string version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        return $"""
            - Processor: {Processor()}, {Environment.ProcessorCount} core(s), vectors of {(Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128)} bits
            - System: {RuntimeInformation.OSDescription}, {RuntimeInformation.OSArchitecture}
            - Runtime: {RuntimeInformation.FrameworkDescription}
            - Microsoft.ML {version.Split('+')[0]}
            """;
    }

    private static string Processor()
    {
        const string Path = "/proc/cpuinfo";
        string? line = File.Exists(Path) ? File.ReadLines(Path).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?.Split(':')[1].Trim() ?? Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER") ?? "unknown";
    }
}

using System.Diagnostics;

namespace MLNet.BatchNorm.Tests.Samples;

/// <summary>Runs a sample's built assembly as a user would: in a process of its own.</summary>
internal static class SampleProcess
{
    public static async Task<(int ExitCode, string Output, string Errors)> Run(string assembly, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", assembly, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

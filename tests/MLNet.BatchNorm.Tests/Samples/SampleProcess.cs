using System.Diagnostics;

namespace MLNet.BatchNorm.Tests.Samples;

/// <summary>Runs a sample's built assembly as a user would: in a process of its own.</summary>
internal static class SampleProcess
{
    public static Task<(int ExitCode, string Output, string Errors)> Run(string assembly, params string[] arguments) => Exec([assembly, .. arguments]);

    /// <summary>Runs an assembly that stands in the tests' own folder and finds there what it references.</summary>
    public static Task<(int ExitCode, string Output, string Errors)> RunBesideTests(string assembly, params string[] arguments)
    {
        string tests = Path.Combine(AppContext.BaseDirectory, typeof(SampleProcess).Assembly.GetName().Name!);
        return Exec(["--depsfile", $"{tests}.deps.json", "--runtimeconfig", $"{tests}.runtimeconfig.json", assembly, .. arguments]);
    }

    private static async Task<(int ExitCode, string Output, string Errors)> Exec(string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["exec", .. arguments])
        {
            WorkingDirectory = AppContext.BaseDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}

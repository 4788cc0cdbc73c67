using System.CommandLine;
using MLNet.BatchNorm.Convergence.CommandLine;

var parsed = StudyCommand.Create().Parse(args);
if (StudyCommand.FirstError(parsed) is { } error)
{
    Console.Error.WriteLine($"error: {error}");
    return 1;
}

using var interruption = new Interruption();
return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }, interruption.Token);

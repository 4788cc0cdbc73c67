using System.CommandLine;
using MLNet.BatchNorm.Convergence.CommandLine;

using var interruption = new Interruption();
return await StudyCommand.Create().Parse(args).InvokeAsync(
    new InvocationConfiguration { ProcessTerminationTimeout = null }, interruption.Token);

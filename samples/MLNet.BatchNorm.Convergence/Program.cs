using MLNet.BatchNorm.Convergence.CommandLine;

return await StudyCommand.Create().Parse(args).InvokeAsync();

using MLNet.BatchNorm.Convergence;

return await ConvergenceCommand.Create().Parse(args).InvokeAsync();

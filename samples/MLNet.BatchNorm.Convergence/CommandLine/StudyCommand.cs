using System.CommandLine;
using System.CommandLine.Parsing;
using MLNet.BatchNorm.Convergence.Data;
using MLNet.BatchNorm.Convergence.Data.Files;
using MLNet.BatchNorm.Convergence.Study;

namespace MLNet.BatchNorm.Convergence.CommandLine;

/// <summary>The command line: what can be asked, and one clear line with exit code 1 for anything the user can put right.</summary>
public static class StudyCommand
{
    private const int CancelledExitCode = 130;
    private const int DefaultTimeBudget = 120;

    /// <summary>The root command, ready to parse arguments.</summary>
    public static RootCommand Create()
    {
        var settings = new StudySettings();
        var data = new Option<string?>("--data") { Description = "Your own CSV or Parquet file; without it, the shipped data sets are studied.", HelpName = "FILE" };
        var label = new Option<string?>("--label") { Description = "The column of --data to predict.", HelpName = "COLUMN" };
        var task = new Option<LearningTask?>("--task") { Description = "What to learn from --label; inferred from its values if not given.", HelpName = "binary|multiclass|regression" };
        var only = new Option<string[]>("--only") { Description = $"Study only these of the shipped data sets: {string.Join(", ", ShippedData.AllNames)}.", HelpName = "NAME", AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "The folder for the results; created if it does not exist.", HelpName = "DIR", DefaultValueFactory = _ => "convergence-results" };
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same results.json and curves.csv.", DefaultValueFactory = _ => settings.Seed };
        var iterations = new Option<int>("--max-iterations") { Description = "The largest budget of ML.NET's trainers; gradient descent gets ten times as many steps.", DefaultValueFactory = _ => settings.MaximumIterations };
        var epochs = new Option<int>("--epochs") { Description = "The largest number of epochs of a network.", DefaultValueFactory = _ => settings.Networks.Epochs };
        var budget = new Option<int>("--time-budget") { Description = "About how many seconds a run may take: rows and iterations are chosen to fit.", HelpName = "SECONDS", DefaultValueFactory = _ => DefaultTimeBudget };
        var separator = new Option<string?>("--separator") { Description = "What stands between the fields of --data; found out if not given.", HelpName = "comma|semicolon|tab|pipe|CHARACTER" };
        var decimals = new Option<string?>("--decimal") { Description = "The decimal separator of --data; found out if not given.", HelpName = "point|comma" };
        var encoding = new Option<string?>("--encoding") { Description = "The encoding of --data; found out if not given.", HelpName = "utf-8|utf-16|latin-1|..." };
        var ignore = new Option<string[]>("--ignore") { Description = "Columns of --data to leave out.", HelpName = "COLUMN", AllowMultipleArgumentsPerToken = true };
        var missing = new Option<MissingCells>("--missing") { Description = "Whether missing cells are filled (with the mean, or the most frequent word) or their rows dropped.", HelpName = "fill|drop" };
        var threads = new Option<int>("--threads") { Description = "How many curves are measured at once; each training uses one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var command = new RootCommand("Shows what scaling the features does to the convergence of ML.NET's SDCA and L-BFGS and of gradient descent, and what batch normalization does inside a network.")
        {
            data, label, task, separator, decimals, encoding, ignore, missing, only, output, seed, iterations, epochs, budget, threads,
        };
        command.SetAction((parsed, cancellation) => Task.Run(() => Guarded(() => StudyProgram.Run(
            new StudyRequest(
                parsed.GetValue(data),
                parsed.GetValue(label),
                parsed.GetValue(task),
                parsed.GetValue(only) ?? [],
                parsed.GetValue(output)!,
                Math.Max(1, parsed.GetValue(threads)),
                new FileHints
                {
                    Separator = Character("--separator", parsed.GetValue(separator)),
                    DecimalSeparator = Character("--decimal", parsed.GetValue(decimals)),
                    Encoding = parsed.GetValue(encoding),
                    Ignore = parsed.GetValue(ignore) ?? [],
                    DropIncompleteRows = parsed.GetValue(missing) == MissingCells.Drop,
                },
                TimeSpan.FromSeconds(parsed.GetValue(budget)),
                settings with
                {
                    Seed = parsed.GetValue(seed),
                    MaximumIterations = parsed.GetValue(iterations),
                    MaximumGradientSteps = 10 * parsed.GetValue(iterations),
                    Networks = settings.Networks with
                    {
                        Epochs = parsed.GetValue(epochs),
                        BatchSizeEpochs = Math.Min(parsed.GetValue(epochs), settings.Networks.BatchSizeEpochs),
                    },
                }),
            cancellation))));
        iterations.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 10 or > 1_000_000)
            {
                result.AddError("--max-iterations must be from 10 to 1000000.");
            }
        });
        epochs.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 2 or > 10_000)
            {
                result.AddError("--epochs must be from 2 to 10000.");
            }
        });
        budget.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 10 or > 100_000)
            {
                result.AddError("--time-budget must be from 10 to 100000 seconds.");
            }
        });
        return command;
    }

    /// <summary>What is wrong with the arguments, in one line; null where nothing is.</summary>
    public static string? FirstError(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
        {
            return null;
        }

        // Of a value that cannot be read, the library's message names the .NET type: the user knows the option's words.
        if (parsed.CommandResult.Children.OfType<OptionResult>().FirstOrDefault(result => result.Errors.Any()) is not { } option)
        {
            return $"{OneLine(parsed.Errors[0].Message)} See --help.";
        }

        return option.Tokens.Count == 0 || option.Option.Validators.Count > 0
            ? OneLine(option.Errors.First().Message)
            : $"{option.Option.Name} cannot be '{string.Join(" ", option.Tokens)}'; expected {option.Option.HelpName ?? "a whole number"}.";
    }

    private static char? Character(string option, string? word) => word switch
    {
        null => null,
        "comma" => ',',
        "semicolon" => ';',
        "tab" or "\\t" => '\t',
        "pipe" => '|',
        "space" => ' ',
        "point" or "dot" => '.',
        { Length: 1 } when option != "--decimal" || word is "," or "." => word[0],
        _ => throw new StudyInputException($"{option} cannot be '{word}'; expected one character, or its name ({(option == "--decimal" ? "point, comma" : "comma, semicolon, tab, pipe, space")})."),
    };

    private enum MissingCells
    {
        Fill,
        Drop,
    }

    private static string OneLine(string message) => message.ReplaceLineEndings(" ").Trim();

    private static int Guarded(Action run)
    {
        try
        {
            run();
            return 0;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Cancelled; nothing was written.");
            return CancelledExitCode;
        }
        catch (Exception exception) when (exception is StudyInputException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"error: {OneLine(exception.Message)}");
            return 1;
        }
        catch (Exception exception)
        {
            // Nobody who studies a file is helped by a stack; the type and the message say where to look.
            Console.Error.WriteLine($"error: the study failed, which it should not: {exception.GetType().Name}: {OneLine(exception.Message)}");
            return 1;
        }
    }
}

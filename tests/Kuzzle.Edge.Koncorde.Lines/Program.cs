using System.Globalization;
using Kuzzle.Edge.Koncorde.Lines;

if (args is ["--help" or "-h"])
{
    Console.WriteLine("""
        Drives the filter engine: one JSON object a line on standard input, one answer a line on standard output.

          {"op":"reset"}                              -> {"ok":true}
          {"op":"register","name":N,"filter":F}       -> {"ok":true,"room":ID} or {"ok":false,"message":M}
          {"op":"remove","name":N}                    -> {"ok":true}
          {"op":"test","doc":D}                       -> {"ok":true,"names":[...]}

        --max-conditions N   how many conditions a filter may have (100)
        """);
    return 0;
}

var maxConditions = 100;
if (args is ["--max-conditions", var number] && int.TryParse(number, CultureInfo.InvariantCulture, out var given) && given > 0)
{
    maxConditions = given;
}
else if (args.Length > 0)
{
    Console.Error.WriteLine($"Unknown arguments: {string.Join(' ', args)}. Try --help.");
    return 2;
}

using var input = Console.OpenStandardInput();
using var output = Console.OpenStandardOutput();
var driver = new LineDriver(maxConditions);
await driver.RunAsync(input, output, CancellationToken.None);
return 0;

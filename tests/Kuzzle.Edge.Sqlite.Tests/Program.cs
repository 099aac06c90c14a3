using Kuzzle.Edge.Sqlite.Tests.Sessions;

namespace Kuzzle.Edge.Sqlite.Tests;

/// <summary>What this assembly does when a test starts it as a process: a store that may be killed, or whose disk fails.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        switch (arguments)
        {
            case [nameof(CommittingProcess.CommitUntilKilledAsync), var directory]:
                await CommittingProcess.CommitUntilKilledAsync(directory);
                return 0;
            case [nameof(CommittingProcess.CommitOnAFailingDiskAsync), var directory]:
                await CommittingProcess.CommitOnAFailingDiskAsync(directory);
                return 0;
            default:
                await Console.Error.WriteLineAsync("This is a part of the tests; run them with dotnet test.");
                return 64;
        }
    }
}

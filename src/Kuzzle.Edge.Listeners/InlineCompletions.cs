namespace Kuzzle.Edge.Listeners;

/// <summary>
/// Whether what follows a socket operation runs on the thread that saw it complete, instead of being handed to the thread pool. For the whole process, so
/// nothing that follows a socket operation may block. Decision 001 says why, and what it gains.
/// </summary>
internal static class InlineCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>
    /// Turns it on, unless the environment has decided. The runtime reads the variable once, at the first socket operation of the process: call this before.
    /// </summary>
    public static void Enable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
    }
}

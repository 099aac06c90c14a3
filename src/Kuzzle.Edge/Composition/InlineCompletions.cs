namespace Kuzzle.Edge.Composition;

/// <summary>
/// Whether what follows a socket operation runs on the thread that saw it complete, instead of being handed to the thread pool, and how many such threads there are.
/// For the whole process, so nothing that follows a socket operation may block. Decision 001 says why, and what it gains.
/// </summary>
internal static class InlineCompletions
{
    private const string Variable = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";
    private const string ThreadsVariable = "DOTNET_SYSTEM_NET_SOCKETS_THREAD_COUNT";

    /// <summary>
    /// Turns it on, unless the environment has decided. The runtime reads the variables once, at the first socket operation of the process: call this before.
    /// One thread, unless the environment wants more: with several, what one client sends may be handled before what another has sent earlier, and programs
    /// that publish as soon as another has sent its SUBSCRIBE, which every single-threaded broker lets pass, lose a message now and then.
    /// </summary>
    public static void Enable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is null) Environment.SetEnvironmentVariable(Variable, "1");
        if (Environment.GetEnvironmentVariable(ThreadsVariable) is null) Environment.SetEnvironmentVariable(ThreadsVariable, "1");
    }
}

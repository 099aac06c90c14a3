using Kuzzle.Edge.Broker.Access;
using Kuzzle.Edge.Broker.Listeners;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Broker.Tests.Access;

/// <summary>Policies in few words: the password of each user is its name backwards.</summary>
internal static class Policies
{
    public static OpenProfile Profile(AccessPolicy policy, params IClientAuthenticator[] others) =>
        new(policy, new PasswordGate(new ManualClock()), others, NullLogger.Instance);

    public static AccessPolicy With(this AccessPolicy policy, params string[] users) => policy with
    {
        Users = users.ToDictionary(name => name, name => new AccessUser(name, PasswordHash.Create(Bytes(PasswordOf(name)), iterations: 1)), StringComparer.Ordinal),
    };

    public static AccessPolicy With(this AccessPolicy policy, params AccessRule[] rules) => policy with { Rules = rules };

    public static AccessRule Rule(string subject, string[]? read = null, string[]? write = null, string[]? deny = null) => new("a rule", [AccessSubject.Parse(subject)!])
    {
        Read = Patterns(read),
        Write = Patterns(write),
        Deny = Patterns(deny),
    };

    public static string PasswordOf(string name) => new([.. name.Reverse()]);

    public static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static TopicPattern[] Patterns(string[]? texts) => [.. (texts ?? []).Select(text => TopicPattern.Parse(text)!)];
}

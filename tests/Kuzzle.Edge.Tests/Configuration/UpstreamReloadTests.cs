using Kuzzle.Edge.Configuration;

namespace Kuzzle.Edge.Tests.Configuration;

/// <summary>What of the link a running gateway takes over.</summary>
public sealed class UpstreamReloadTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Where_and_how_the_link_connects_is_taken_over()
    {
        var changes = Between(
            """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["plant/*"], "auth": { "apiKey": "one" } } } }""",
            """{ "upstream": { "kuzzle": { "url": "wss://b", "rules": ["plant/*"], "auth": { "apiKey": "two" }, "tls": { "ca": "/ca.pem" }, "keepAlive": "5s", "node": { "interval": "10s" } } } }""");

        changes.NeedRestart.ShouldBeEmpty();
        changes.Reloadable.ShouldBe(["upstream.kuzzle.auth.apiKey", "upstream.kuzzle.keepAlive", "upstream.kuzzle.node.interval", "upstream.kuzzle.tls.ca", "upstream.kuzzle.url"], ignoreOrder: true);
        var upstream = changes.Current.Upstream.ShouldNotBeNull();
        upstream.Url.ShouldBe(new Uri("wss://b"));
        upstream.KeepAlive.ShouldBe(TimeSpan.FromSeconds(5));
        changes.Current.Description["upstream"]!["kuzzle"]!["url"]!.ToString().ShouldBe("wss://b");
    }

    [Fact]
    public void What_goes_up_waits_for_the_next_start_for_the_store_notes_it_with_each_write()
    {
        var changes = Between(
            """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["plant/*"] } } }""",
            """{ "upstream": { "kuzzle": { "url": "ws://b", "rules": ["plant/*", "other/*"] } } }""");

        changes.Reloadable.ShouldBe(["upstream.kuzzle.url"]);
        changes.NeedRestart.ShouldAllBe(key => key.StartsWith("upstream.kuzzle.rules", StringComparison.Ordinal));
        changes.NeedRestart.ShouldNotBeEmpty();
        changes.Current.Upstream.ShouldNotBeNull().Rules.All.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("{}", """{ "upstream": { "kuzzle": { "url": "ws://b", "rules": ["plant/*"] } } }""")]
    [InlineData("""{ "upstream": { "kuzzle": { "url": "ws://b", "rules": ["plant/*"] } } }""", "{}")]
    public void A_link_that_comes_or_goes_waits_for_the_next_start(string before, string after)
    {
        var changes = Between(before, after);

        changes.Reloadable.ShouldBeEmpty();
        changes.NeedRestart.ShouldNotBeEmpty();
    }

    private ConfigurationChanges Between(string before, string after)
    {
        var current = _folder.WithFile(before).Read();
        return ConfigurationChanges.Between(current, _folder.WithFile(after).Read());
    }
}

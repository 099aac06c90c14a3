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
    public void What_goes_up_and_comes_down_is_taken_over_and_what_is_no_longer_said_goes()
    {
        var changes = Between(
            """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": ["plant/*"], "bandwidth": "64KB" } } }""",
            """{ "upstream": { "kuzzle": { "url": "ws://a", "rules": [{ "match": "plant/*", "priority": 5 }, { "match": "other/*" }] } } }""");

        changes.NeedRestart.ShouldBeEmpty();
        changes.Reloadable.ShouldContain("upstream.kuzzle.bandwidth");
        changes.Reloadable.ShouldContain(key => key.StartsWith("upstream.kuzzle.rules", StringComparison.Ordinal));
        var upstream = changes.Current.Upstream.ShouldNotBeNull();
        upstream.Rules.All.Select(rule => (rule.Match.ToString(), rule.Priority)).ShouldBe([("plant/*", 5), ("other/*", 0)]);
        upstream.Bandwidth.ShouldBeNull();
        var described = changes.Current.Description["upstream"]!["kuzzle"]!.AsObject();
        described.ContainsKey("bandwidth").ShouldBeFalse();
        described["rules"]!.AsArray().Count.ShouldBe(2);
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

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class EffectiveConfigurationTests : IDisposable
{
    private readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_in_force_is_shown_with_its_defaults()
    {
        var shown = _folder.WithFile("""{ "server": { "port": 8000 }, "stats": { "enabled": false } }""").Load().Configuration!.Description;

        ((double)shown["server"]!["port"]!).ShouldBe(8000);
        ((bool)shown["stats"]!["enabled"]!).ShouldBeFalse();
        ((double)shown["limits"]!["documentsWriteCount"]!).ShouldBe(200);
    }

    [Fact]
    public void No_secret_is_shown()
    {
        var shown = _folder.WithFile("""
            {
              "upstream": { "kuzzle": { "url": "ws://me:hush1@cloud.example:7512", "rules": ["a/b"], "auth": { "apiKey": "hush2" } } }
            }
            """).Load().Configuration!.Description.ToJsonString();

        shown.ShouldContain("cloud.example");
        shown.ShouldNotContain("hush");
    }
}

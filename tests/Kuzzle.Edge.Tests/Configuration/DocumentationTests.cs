using Kuzzle.Edge.Configuration.Schema;
using Kuzzle.Edge.Configuration.Settings;
using Kuzzle.Edge.FirstBoot;

namespace Kuzzle.Edge.Tests.Configuration;

public sealed class DocumentationTests
{
    private const string ConfigurationPage = "docs/configuration.md";
    private const string Begin = "<!-- settings: made from the program; KUZZLE_EDGE_WRITE_DOCS=1 with the tests of Kuzzle.Edge writes it anew -->\n";
    private const string End = "<!-- end of settings -->";

    [Theory]
    [InlineData(ConfigurationPage)]
    [InlineData("docs/image.md")]
    public void The_page_lists_every_key_with_its_type_and_default(string name)
    {
        var page = Repository.Read(name);
        var begin = page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = page.IndexOf(End, StringComparison.Ordinal);
        begin.ShouldBeGreaterThan(Begin.Length - 1);
        end.ShouldBeGreaterThanOrEqualTo(begin);
        var table = SettingsTable.Markdown(name == ConfigurationPage ? KnownSettings.Schema : BoxSettings.Schema);
        if (Environment.GetEnvironmentVariable("KUZZLE_EDGE_WRITE_DOCS") == "1")
        {
            page = page[..begin] + table + page[end..];
            File.WriteAllText(Path.Combine(Repository.Root, name), page);
            end = page.IndexOf(End, StringComparison.Ordinal);
        }

        page[begin..end].ShouldBe(table);
    }

    [Fact]
    public void The_page_names_every_exit_code()
    {
        var page = Repository.Read(ConfigurationPage);

        foreach (var code in Enum.GetValues<ExitCode>()) page.ShouldContain($"| {(int)code} | ");
    }

    [Fact]
    public void Every_default_may_be_written_down_as_it_is_shown()
    {
        using var folder = new ConfigurationFolder();
        foreach (var setting in KnownSettings.Schema.Settings)
        {
            if (setting.DefaultText is { } text) folder.WithArgument($"--{setting.Key}=*json:{text}");
        }

        var configuration = folder.Read();

        using var silent = new ConfigurationFolder();
        var byDefault = silent.Read();
        var broker = byDefault.Broker with { MaxPacketBytes = configuration.Broker.MaxPacketBytes, Id = configuration.Broker.Id };
        configuration.Broker.ToString().ShouldBe(broker.ToString());
        configuration.KuzzleMqtt.ShouldBe(byDefault.KuzzleMqtt);
        configuration.Log.ShouldBe(byDefault.Log);
        configuration.MqttListeners.ShouldBe(byDefault.MqttListeners);
    }
}

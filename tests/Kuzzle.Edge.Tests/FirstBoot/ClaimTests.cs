using Kuzzle.Edge.CommandLine;
using Kuzzle.Edge.Composition;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Configuration.Layers;
using Kuzzle.Edge.FirstBoot;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Logging;
using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.FirstBoot;

/// <summary>Whose a box is, also after it has lost its database.</summary>
public sealed class ClaimTests : IDisposable
{
    private readonly FreshBox _box = new();
    private readonly string _data;

    public ClaimTests()
    {
        _data = Path.Combine(_box.Root, "data");
        _box.With("etc/kuzzle-edge/kuzzlerc", """
            {
              "server": { "host": "127.0.0.1", "port": 0, "protocols": { "mqtt": { "server": { "host": "127.0.0.1", "port": 0 } } } },
              "storage": { "path": "/data" }
            }
            """);
    }

    private ClaimMark Mark => new(_data, NullLogger.Instance);

    public void Dispose() => _box.Dispose();

    [Fact]
    public async Task A_database_that_is_lost_gives_the_box_to_nobody_but_who_has_it_before_him()
    {
        _box.Apply();
        new Claim(_box.Root).Reserve(new FirstAdmin("root", "correct horse"));
        await using (var fresh = await StartAsync())
        {
            (await ClaimAsync(fresh)).ShouldBe(0);
            Mark.IsClaimed.ShouldBeTrue();
            new Claim(_box.Root).Reserved.ShouldBeNull();
            fresh.FindConditions().ShouldNotContain(condition => condition.Name == "administrator");
        }

        await File.WriteAllBytesAsync(Path.Combine(_data, "documents.db"), Enumerable.Repeat((byte)'x', 8192).ToArray());
        await using var robbed = await StartAsync();

        robbed.FindConditions().ShouldContain(condition => condition.Name == "administrator" && condition.Message.Contains("claim --reset", StringComparison.Ordinal));
        (await StrangerAsync(robbed, "")).State.ShouldBe(ClaimState.Refused);
        (await StrangerAsync(robbed, new Claim(_box.Root).Code)).State.ShouldBe(ClaimState.Refused);
        (await ClaimAsync(robbed)).ShouldBe(0);
        _box.Read("run/issue.d/70-claim.issue").ShouldBeNull();

        var told = new StringWriter();
        ClaimCommand.Invoke(new ConfigurationSources { Arguments = [$"--storage.path={_data}"], SystemDirectory = _box.Root }, isReset: true, told).ShouldBe(0);
        const string Before = "\"claimCode\": \"";
        var code = told.ToString().Substring(told.ToString().IndexOf(Before, StringComparison.Ordinal) + Before.Length, "ABCD-EFGH".Length);
        (await StrangerAsync(robbed, code.ToLowerInvariant())).State.ShouldBe(ClaimState.Claimed);

        Mark.IsReopened.ShouldBeFalse();
        robbed.FindConditions().ShouldNotContain(condition => condition.Name == "administrator");
    }

    [Fact]
    public async Task The_owners_file_on_the_card_makes_the_next_administrator_of_a_box_that_lost_its_own()
    {
        Directory.CreateDirectory(_data);
        Mark.Claim();
        _box.With("etc/kuzzle-edge/claimed", "").Given("kuzzle-edge.toml", "[admin]\npassword = \"correct horse\"\n").Apply().ShouldBe(0);
        _box.Read("etc/kuzzle-edge/claimed").ShouldBeNull(); // The image's timer looks again.
        await using var gateway = await StartAsync();

        (await ClaimAsync(gateway)).ShouldBe(0);

        gateway.FindConditions().ShouldNotContain(condition => condition.Name == "administrator");
        Mark.IsReopened.ShouldBeFalse();
        _box.Read("etc/kuzzle-edge/claimed").ShouldNotBeNull();
        _box.Read("etc/kuzzle-edge/first-admin.json").ShouldBeNull();
    }

    [Fact]
    public async Task And_makes_none_where_there_is_one()
    {
        new Claim(_box.Root).Reserve(new FirstAdmin("root", "correct horse"));
        await using var gateway = await StartAsync();
        (await ClaimAsync(gateway)).ShouldBe(0);
        new Claim(_box.Root).Reserve(new FirstAdmin("thief", "battery staple"));

        (await ClaimAsync(gateway)).ShouldBe((int)ExitCode.AddressUnavailable);

        Mark.IsReopened.ShouldBeFalse();
        _box.Read("etc/kuzzle-edge/first-admin.json").ShouldBeNull();
        (await StrangerAsync(gateway, "")).State.ShouldBe(ClaimState.Refused);
    }

    [Fact]
    public async Task A_box_that_nobody_has_claimed_says_how_on_its_console_and_then_no_more()
    {
        _box.Apply();
        var code = new Claim(_box.Root).Code;
        await using var gateway = await StartAsync();

        (await ClaimAsync(gateway)).ShouldBe(0);
        _box.Read("run/issue.d/70-claim.issue").ShouldNotBeNull().ShouldContain(code!);
        _box.Read("run/issue.d/70-claim.issue").ShouldNotBeNull().ShouldContain($"local:{UrlOf(gateway).Port}/_createFirstAdmin");

        (await StrangerAsync(gateway, code)).State.ShouldBe(ClaimState.Claimed);
        (await ClaimAsync(gateway)).ShouldBe(0);
        _box.Read("run/issue.d/70-claim.issue").ShouldBeNull();
        _box.Read("etc/kuzzle-edge/claimed").ShouldNotBeNull();
    }

    [Fact]
    public async Task Without_HTTP_nobody_is_made_and_the_console_does_not_say_how()
    {
        _box.Apply().ShouldBe(0);

        (await FirstBootCommand.ClaimAsync(gateway: null, _box.Root, _box.Tools, CancellationToken.None)).ShouldBe((int)ExitCode.AddressUnavailable);

        _box.Read("run/issue.d/70-claim.issue").ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("claimed\nrecovery xyz\n")]
    [InlineData("claimed\nrecovery 00\n")]
    [InlineData("recovery\n")]
    public void A_mark_that_says_nonsense_says_that_the_box_is_claimed(string text)
    {
        Directory.CreateDirectory(_data);
        File.WriteAllText(Path.Combine(_data, "claimed"), text);

        Mark.IsClaimed.ShouldBeTrue();
        Mark.Admits("ABCD-EFGH").ShouldBeFalse();
        Mark.Admits("").ShouldBeFalse();
    }

    [Fact]
    public void A_second_code_takes_the_place_of_the_first_and_only_its_owner_reads_the_file()
    {
        Directory.CreateDirectory(_data);

        var first = Mark.Reopen();
        var second = Mark.Reopen();

        Mark.Admits(first).ShouldBeFalse();
        Mark.Admits($" {second} ").ShouldBeTrue();
        File.GetUnixFileMode(Path.Combine(_data, "claimed")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.ReadAllText(Path.Combine(_data, "claimed")).ShouldNotContain(second);
        Mark.Claim();
        Mark.Admits(second).ShouldBeFalse();
    }

    private Task<int> ClaimAsync(Gateway gateway) => FirstBootCommand.ClaimAsync(UrlOf(gateway), _box.Root, _box.Tools, CancellationToken.None);

    private static Task<ClaimAnswer> StrangerAsync(Gateway gateway, string? code) =>
        new GatewayClaim(UrlOf(gateway)).TryAsync(code, new FirstAdmin("stranger", "a long password"), CancellationToken.None);

    private static Uri UrlOf(Gateway gateway) => new($"http://{gateway.Summary[(gateway.Summary.LastIndexOf(' ') + 1)..]}");

    private async Task<Gateway> StartAsync()
    {
        var loaded = EdgeConfiguration.Load(new ConfigurationSources { SystemDirectory = Path.Combine(_box.Root, "etc/kuzzle-edge"), Arguments = [$"--storage.path={_data}"] });
        loaded.Faults.ShouldBeEmpty();
        var configuration = loaded.Configuration.ShouldNotBeNull();
        using var inherited = InheritedSockets.Of(new Dictionary<string, string>(StringComparer.Ordinal));
        var board = new ConditionBoard(TimeProvider.System, NullLogger<ConditionBoard>.Instance);
        var appliance = new Appliance(() => configuration.Description, board, new LogRing(() => false), () => { }, Mark);
        return (await Gateway.StartAsync(configuration, appliance, inherited, NullLoggerFactory.Instance, TimeProvider.System, CancellationToken.None)).ShouldNotBeNull();
    }
}

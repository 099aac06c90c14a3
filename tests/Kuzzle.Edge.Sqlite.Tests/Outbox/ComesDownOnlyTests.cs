using System.Text;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Sqlite.Tests.Outbox;

/// <summary>Where documents only come down, what is changed here must be seen as different by the next comparison, and becomes as it is upstream.</summary>
public sealed class ComesDownOnlyTests
{
    private const string There = """{"n":1}""";

    private static readonly CollectionName Conflicts = new("edge", "conflicts");
    private static readonly UpstreamMark Mark = UpstreamMark.Of(TestStore.Json(There));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_change_made_here_is_different_and_undone(bool isDeletion)
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(isDeletion ? TestWrite.Delete("a") : TestWrite.Put("a", """{"n":2}"""));

        (await MarkAsync(test)).ShouldNotBe(Mark);
        await test.WriteAsync(Taken(There));

        (await test.TextOfAsync("a")).ShouldBe(There);
        (await MarkAsync(test)).ShouldBe(Mark);
        test.Store.Outbox.Totals.Entries.ShouldBe(0);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_was_changed_here_is_known_to_have_been_there_so_that_its_deletion_is_found(bool isDeletion)
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(isDeletion ? TestWrite.Delete("a") : TestWrite.Put("a", """{"n":2}"""));

        (await MarkAsync(test)).ShouldNotBeNull();
        await test.WriteAsync(Taken(json: null));

        (await test.TextOfAsync("a")).ShouldBe("nothing");
        (await MarkAsync(test)).ShouldBeNull();
    }

    [Fact]
    public async Task What_was_put_away_here_does_not_come_back()
    {
        await using var test = await CreateAsync();
        await test.WriteAsync(new LocalRemoval("a", RemovalCondition.NothingWaits));

        (await MarkAsync(test)).ShouldBe(Mark);
        await test.WriteAsync(Taken(There));

        (await test.TextOfAsync("a")).ShouldBe("nothing");
    }

    private static async Task<TestStore> CreateAsync()
    {
        var test = await TestStore.CreateAsync(options => options with { RouteOf = _ => new UpstreamRoute(GoesUp: false, ComesDown: true) });
        await test.WriteAsync(Taken(There));
        return test;
    }

    private static UpstreamWrite Taken(string? json) =>
        new(TestStore.Sensors, "a", json is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(json), ConflictPolicy.Cloud, Conflicts);

    private static async Task<UpstreamMark?> MarkAsync(TestStore test) =>
        (await test.Store.Outbox.MarksAsync(TestStore.Sensors, "", null, [], CancellationToken.None)).TryGetValue("a", out var mark) ? mark : null;
}

using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Search;
using Kuzzle.Edge.Testing;

namespace Kuzzle.Edge.Sqlite.Tests.Search;

public sealed class ScrollTests : IAsyncLifetime
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(10);
    private readonly ManualClock _clock = new();
    private TestStore _test = null!;
    private ScrollRegistry _scrolls = null!;

    public async Task InitializeAsync()
    {
        _test = await TestStore.CreateAsync();
        _scrolls = new ScrollRegistry(_test.Store, _clock);
        await _test.WriteAsync([.. Enumerable.Range(0, 7).Select(i => TestWrite.Put($"d{i}", $$"""{"n":{{i}}}"""))]);
    }

    public async Task DisposeAsync() => await _test.DisposeAsync();

    [Theory]
    [InlineData("{}", "d0 d1 d2|d3 d4 d5|d6")]
    [InlineData("""{"sort":{"n":"desc"},"query":{"range":{"n":{"gte":2}}}}""", "d6 d5 d4|d3 d2")]
    public async Task A_scroll_shows_what_was_there_when_it_began(string body, string pages)
    {
        var page = await _scrolls.OpenAsync(Request(body), Duration, CancellationToken.None);
        await _test.WriteAsync(TestWrite.Delete("d3"), TestWrite.Put("d5", """{"n":100}"""), TestWrite.Put("d7", """{"n":7}"""));
        var seen = new List<string> { Ids(page) };
        while (page.Remaining > 0)
        {
            page = (await _scrolls.NextAsync(page.Id, Duration, CancellationToken.None)).ShouldNotBeNull();
            page.Found.Hits.ShouldNotContain(hit => TestStore.Text(hit.Document).Contains("100", StringComparison.Ordinal));
            seen.Add(Ids(page));
        }

        string.Join('|', seen).ShouldBe(pages);
        page.Found.Total.ShouldBe(pages.Split(' ', '|').Length);
        (await _scrolls.NextAsync(page.Id, Duration, CancellationToken.None)).ShouldBeNull();
        _scrolls.Count.ShouldBe(0);
    }

    [Fact]
    public async Task A_scroll_that_nobody_asks_for_in_time_is_closed()
    {
        var page = await _scrolls.OpenAsync(Request("{}"), Duration, CancellationToken.None);

        _clock.Advance(TimeSpan.FromSeconds(9));
        (await _scrolls.NextAsync(page.Id, Duration, CancellationToken.None)).ShouldNotBeNull();
        _clock.Advance(TimeSpan.FromSeconds(11));

        (await _scrolls.NextAsync(page.Id, Duration, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task There_is_a_bound_on_open_scrolls_and_those_that_end_make_room()
    {
        var pages = new List<ScrollPage>();
        for (var i = 0; i < 65; i++) pages.Add(await _scrolls.OpenAsync(Request("{}"), Duration, CancellationToken.None));

        pages[63].Found.Refusal.ShouldBeNull();
        pages[64].Found.Refusal!.Id.ShouldBe("services.storage.unexpected_bad_request");
        while (pages[0].Remaining > 0) pages[0] = (await _scrolls.NextAsync(pages[0].Id, Duration, CancellationToken.None)).ShouldNotBeNull();
        (await _scrolls.OpenAsync(Request("{}"), Duration, CancellationToken.None)).Found.Refusal.ShouldBeNull();
    }

    [Fact]
    public async Task A_wrong_scroll_is_refused_and_leaves_nothing_open()
    {
        (await _scrolls.OpenAsync(Request("""{"query":{"fuzzy":{}}}"""), Duration, CancellationToken.None)).Found.Refusal!.Id.ShouldBe("services.storage.unknown_query_keyword");
        (await _scrolls.OpenAsync(Request("{}") with { From = 1 }, Duration, CancellationToken.None)).Found.Refusal!.Status.ShouldBe(400);
        (await _scrolls.OpenAsync(Request("{}") with { Size = 0 }, Duration, CancellationToken.None)).Found.Refusal!.Status.ShouldBe(400);

        _scrolls.Count.ShouldBe(0);
    }

    [Fact]
    public async Task Aggregations_come_with_the_first_page()
    {
        var first = await _scrolls.OpenAsync(Request("""{"aggs":{"m":{"max":{"field":"n"}}}}"""), Duration, CancellationToken.None);
        var second = (await _scrolls.NextAsync(first.Id, Duration, CancellationToken.None)).ShouldNotBeNull();

        first.Found.Aggregations!.ToJsonString().ShouldBe("""{"m":{"value":6}}""");
        second.Found.Aggregations.ShouldBeNull();
    }

    private static SearchRequest Request(string body) => new() { Targets = [TestStore.Sensors], Body = TestStore.Json(body), Size = 3 };

    private static string Ids(ScrollPage page) => string.Join(' ', page.Found.Hits.Select(hit => hit.Document.Id));
}

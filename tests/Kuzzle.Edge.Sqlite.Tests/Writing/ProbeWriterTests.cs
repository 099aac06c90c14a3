using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Sqlite.Tests.Writing;

/// <summary>What the watchdog asks of the store.</summary>
public sealed class ProbeWriterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_writer_that_works_answers_without_writing()
    {
        await using var test = await TestStore.CreateAsync();
        var log = new FileInfo($"{test.DatabaseFile}-wal");
        var before = log.Length;

        await test.Store.ProbeWriterAsync(CancellationToken.None).WaitAsync(Patience);

        log.Refresh();
        log.Length.ShouldBe(before);
        test.Store.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task A_writer_that_hangs_does_not_answer_until_it_goes_on()
    {
        await using var test = await TestStore.CreateAsync();
        using var gate = new ManualResetEventSlim();
        var hanging = test.Store.DefineCollectionAsync(
            new CollectionName("edge", "slow"),
            _ =>
            {
                gate.Wait();
                return new CollectionDefinition(TestStore.Json("{}"), TestStore.Json("{}"));
            },
            CancellationToken.None);

        var answer = test.Store.ProbeWriterAsync(CancellationToken.None);
        answer.IsCompleted.ShouldBeFalse();

        gate.Set();
        await answer.WaitAsync(Patience);
        await hanging;
    }

    [Fact]
    public async Task The_fault_of_a_request_is_none_of_the_disk()
    {
        await using var test = await TestStore.CreateAsync();

        await Should.ThrowAsync<InvalidOperationException>(() =>
            test.Store.DefineCollectionAsync(new CollectionName("edge", "odd"), _ => throw new InvalidOperationException("no"), CancellationToken.None));

        test.Store.Fault.ShouldBeNull();
    }
}

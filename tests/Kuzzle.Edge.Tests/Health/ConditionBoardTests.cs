using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Health;
using Kuzzle.Edge.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Tests.Health;

public sealed class ConditionBoardTests
{
    private static readonly FoundCondition Late = new("clock", ConditionSeverity.Notice, "The clock is late.");
    private static readonly FoundCondition Full = new("storage", ConditionSeverity.Alarm, "The disk is full.");

    private readonly ManualClock _clock = new();

    [Fact]
    public void What_is_found_is_there_with_the_alarms_first_until_it_is_not_found_any_more()
    {
        var board = new ConditionBoard(_clock, NullLogger<ConditionBoard>.Instance);
        board.Current.ShouldBeEmpty();

        board.Take([Late, Full]).ShouldBeTrue();
        board.Current.Select(condition => condition.Name).ShouldBe(["storage", "clock"]);

        board.Take([Late, Full]).ShouldBeFalse("nothing has changed");
        board.Take([Late]).ShouldBeTrue();
        board.Current.ShouldHaveSingleItem().Name.ShouldBe("clock");
        board.Take([]).ShouldBeTrue();
        board.Current.ShouldBeEmpty();
    }

    [Fact]
    public void Since_when_it_is_so_stays_while_its_words_change()
    {
        var board = new ConditionBoard(_clock, NullLogger<ConditionBoard>.Instance);
        board.Take([Full]);
        var since = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromMinutes(1));

        board.Take([Full with { Message = "The disk is full and slow." }]).ShouldBeTrue();

        board.Current.ShouldHaveSingleItem().ShouldBe(new ApplianceCondition("storage", ConditionSeverity.Alarm, "The disk is full and slow.", since));
    }
}

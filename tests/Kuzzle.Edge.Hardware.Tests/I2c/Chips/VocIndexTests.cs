using System.Globalization;
using Kuzzle.Edge.Hardware.I2c.Chips;

namespace Kuzzle.Edge.Hardware.Tests.I2c.Chips;

public sealed class VocIndexTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// The six hundred raw signals that the maker publishes with its algorithm, two digits of each: 200 of them above 20 000, 200 above 17 000 and 200 above 20 000 again.
    /// </summary>
    private static readonly string[] Published =
    [
        "190413010146163534092715293948460107334627152512382619453715384422303217254731481245251547040505370131432631284714063208072328053633303409140512282449",
        "074224430445210748401840333545452723244249430309160619463822111536470202250127062924083003493606363646171117401915414424283317260703013942362216461816",
        "373418184605013335070119114748371611024707324939043612163242041223460918381944060941261025392413262131274524311031220639484932434037082007493508054544",
        "394436132143304733352625394514012943321210080341282943104322182926282420484611443538164340104604400324103521131347100549341805454418200436341333353123",
        "064116193915131418023634334709201603091034014224381036142019483647244748370631402435483720021808414824291420391839403538361823173624162947202534070720",
        "384701240637352141384218164633144927324540024521142127391126100902473037401349034117380345312749334717264442111422363213103735090633373925460140492940",
        "261321144918031007211747402331420746431324232204424642420423444734050502160335453638160319404706324827073003282201382649474620290230262626300608323121",
        "483004470212431143383428332620063828163013421015024149132541320244023310210645433308321710323444402217293003442617431231351328473308393607442419150712",
    ];

    [Fact]
    public void The_index_is_what_the_maker_publishes_for_its_example()
    {
        var digits = string.Concat(Published);
        var index = new VocIndex();

        for (var i = 0; i < digits.Length / 2; i++)
        {
            var raw = (i is >= 200 and < 400 ? 17_000 : 20_000) + int.Parse(digits.AsSpan(2 * i, 2), CultureInfo.InvariantCulture);
            double expected = i < 46 ? 0 : i < 193 ? 98 : i < 229 ? 99 : i < 422 ? 100 : i < 503 ? 99 : 100;
            var tolerance = i < 46 ? 0.1 : 1.1; // The maker's fixed point rounds more coarsely.

            index.Next(raw, Start.AddSeconds(i)).ShouldBe(expected, tolerance, $"measurement {i}");
        }
    }

    [Fact]
    public void Gas_lowers_the_signal_and_raises_the_index_until_it_has_gone()
    {
        var index = new VocIndex();
        var at = Start;
        double Breathe(double raw, int seconds)
        {
            var last = 0.0;
            for (; seconds > 0; seconds--) last = index.Next(raw, at = at.AddSeconds(1));
            return last;
        }

        Breathe(30_000, 4000).ShouldBe(100, 1, "what is usual is 100");
        Breathe(27_000, 120).ShouldBeGreaterThan(300);
        Breathe(30_000, 3600).ShouldBe(100, 2);
    }

    [Fact]
    public void Every_ten_seconds_is_often_enough_and_every_eleven_is_not()
    {
        var (slow, tooSlow) = (new VocIndex(), new VocIndex());
        var (last, none) = (0.0, 0.0);

        for (var i = 0; i < 400; i++)
        {
            last = slow.Next(30_000, Start.AddSeconds(10 * i));
            none = tooSlow.Next(30_000, Start.AddSeconds(11 * i));
        }

        last.ShouldBe(100, 1);
        none.ShouldBe(double.NaN);
    }

    [Fact]
    public void A_clock_that_is_set_back_disturbs_nothing_and_a_long_pause_begins_anew()
    {
        var index = new VocIndex();
        var at = Start;
        for (var i = 0; i < 100; i++) index.Next(30_000, at = at.AddSeconds(1));

        index.Next(30_000, at = at.AddHours(-1)).ShouldBeGreaterThan(0);
        index.Next(30_000, at = at.AddSeconds(1)).ShouldBeGreaterThan(0);
        index.Next(30_000, at.AddHours(1)).ShouldBe(VocIndex.NotYet);
    }
}

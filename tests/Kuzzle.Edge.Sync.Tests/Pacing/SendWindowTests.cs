using Kuzzle.Edge.Sync.Pacing;

namespace Kuzzle.Edge.Sync.Tests.Pacing;

public sealed class SendWindowTests
{
    [Theory]
    [InlineData("22:00-06:00", "23:59", true, "goes over midnight")]
    [InlineData("22:00-06:00", "00:00", true, "goes over midnight")]
    [InlineData("22:00-06:00", "22:00", true, "the first minute is in it")]
    [InlineData("22:00-06:00", "06:00", false, "the last is not")]
    [InlineData("22:00-06:00", "12:00", false, "noon")]
    [InlineData("09:00-17:00", "12:00", true, "within a day")]
    [InlineData("09:00-17:00", "08:59", false, "before")]
    [InlineData("00:00-00:00", "13:37", true, "the whole day")]
    public void A_window_holds_the_times_that_it_says(string window, string time, bool isIn, string why) =>
        SendWindow.Parse(window)!.Value.Contains(TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(isIn, why);

    [Theory]
    [InlineData("22:00")]
    [InlineData("22-06")]
    [InlineData("24:00-06:00")]
    [InlineData("22:00-06:00-07:00")]
    [InlineData("")]
    public void What_is_no_window_is_none(string text) => SendWindow.Parse(text).ShouldBeNull();
}

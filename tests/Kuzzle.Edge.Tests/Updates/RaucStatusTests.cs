using System.Text;
using Kuzzle.Edge.Updates;

namespace Kuzzle.Edge.Tests.Updates;

/// <summary>What RAUC says, in our words.</summary>
public sealed class RaucStatusTests
{
    private const string AfterUpdate =
        """
        {"compatible":"kuzzle-edge-pc-amd64","variant":"","booted":"A","boot_primary":"rootfs.1","slots":[
        {"rootfs.1":{"class":"rootfs","device":"/dev/vda3","type":"ext4","bootname":"B","state":"inactive","parent":null,"mountpoint":null,"boot_status":"good",
          "slot_status":{"bundle":{"compatible":"kuzzle-edge-pc-amd64","version":"0.2.0"},"installed":{"timestamp":"2026-11-21T12:00:00Z","count":1},"status":"ok"}}},
        {"rootfs.0":{"class":"rootfs","device":"/dev/vda2","type":"ext4","bootname":"A","state":"booted","parent":null,"mountpoint":"/","boot_status":"good"}}]}
        """;

    [Fact]
    public void Slots_are_told_by_the_names_that_the_boot_loader_has_for_them()
    {
        var status = RaucStatus.Read(Encoding.UTF8.GetBytes(AfterUpdate));

        status.Primary.ShouldBe("B");
        status.Slots.ShouldBe(
        [
            new RaucSlot("A", IsBooted: true, IsGood: true, Version: null, InstalledAt: null),
            new RaucSlot("B", IsBooted: false, IsGood: true, "0.2.0", "2026-11-21T12:00:00Z"),
        ]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"slots":7}""")]
    public void What_is_no_status_is_an_error_and_not_an_empty_list(string said) =>
        Should.Throw<UpdateException>(() => RaucStatus.Read(Encoding.UTF8.GetBytes(said)));
}

using Kuzzle.Edge.Health;

namespace Kuzzle.Edge.Tests.Health;

public sealed class MountViewTests
{
    private const string Root = "22 1 254:2 / / ro,relatime shared:1 - ext4 /dev/vda2 ro";

    [Theory]
    [InlineData("ro,relatime", "rw", true, "the disk was read-only when the service started, and is not any more")]
    [InlineData("ro,relatime", "ro,errors=remount-ro", false, "the disk itself is read-only")]
    [InlineData("rw,relatime", "ro", false, "so it is, and a mend of the disk is seen here, too")]
    [InlineData("rw,relatime", "rw", false, "nothing is read-only")]
    public void A_folder_is_read_only_here_alone_when_its_disk_is_not(string options, string diskOptions, bool isHereAlone, string why) =>
        MountView.IsReadOnlyHereAlone("/var/lib/kuzzle-edge/data", [Root, $"75 22 0:42 / /var/lib/kuzzle-edge {options} master:7 - ext4 /dev/vda4 {diskOptions}"]).ShouldBe(isHereAlone, why);

    [Fact]
    public void The_nearest_mount_counts_wherever_it_stands_in_the_table()
    {
        string[] table =
        [
            "76 75 0:43 / /data/edge rw - tmpfs tmpfs rw",
            "75 22 0:42 / /data ro - ext4 /dev/vda4 rw",
            Root,
        ];

        MountView.IsReadOnlyHereAlone("/data/edge/store", table).ShouldBeFalse();
        MountView.IsReadOnlyHereAlone("/data/edges", table).ShouldBeTrue();
        MountView.IsReadOnlyHereAlone("/srv", table).ShouldBeFalse();
    }

    [Fact]
    public void Of_two_mounts_on_one_point_the_later_one_counts()
    {
        string[] table = [Root, "75 22 0:42 / /data ro - ext4 /dev/vda4 rw", "80 75 0:44 / /data rw - tmpfs tmpfs rw"];

        MountView.IsReadOnlyHereAlone("/data", table).ShouldBeFalse();
    }

    [Fact]
    public void A_name_with_blanks_is_found() =>
        MountView.IsReadOnlyHereAlone("/my data/edge", [Root, @"75 22 0:42 / /my\040data ro - ext4 /dev/vda4 rw"]).ShouldBeTrue();

    [Fact]
    public void The_table_of_this_machine_can_be_read() =>
        Should.NotThrow(() => MountView.IsReadOnlyHereAlone("/", File.ReadLines(MountView.Table)));
}

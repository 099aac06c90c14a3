namespace Kuzzle.Edge.Tests.FirstBoot;

/// <summary>What Raspberry Pi Imager writes onto the card.</summary>
public sealed class ImagerTests : IDisposable
{
    private const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJQ7d3N1bW1lciByYWluIG9uIHRoZSByb29m me@laptop";
    private const string Psk = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private readonly FreshBox _box = new();

    public void Dispose() => _box.Dispose();

    [Theory]
    [InlineData("rpi-preseed.toml")]
    [InlineData("custom.toml")]
    public void The_file_of_Imager_2_is_understood(string name)
    {
        _box.Given(name, $$"""
            config_version = "1.0"

            [system]
            hostname = "shed"

            [user]
            name = "joe"
            password = "$y$j9T$salt$hash"
            password_encrypted = true
            groups = ["sudo"]
            passwordless_sudo = true

            [ssh]
            enabled = true
            password_authentication = false
            authorized_keys = [
              "{{Key}}",
            ]

            [wlan]
            ssid = "Allotment"
            password = "{{Psk}}"
            password_encrypted = true
            hidden = true
            country = "GB"

            [locale]
            keymap = "gb"
            timezone = "Europe/Paris"

            [connect]
            enabled = true
            mode = "device-identity"

            [interfaces]
            i2c = true
            """);

        _box.Apply().ShouldBe(0);

        ShouldBeTheShed();
        _box.ReadCard(name).ShouldBeNull();
    }

    [Fact]
    public void A_network_whose_name_is_no_text_is_understood()
    {
        _box.Given("rpi-preseed.toml", "[wlan]\nssid_hex = \"ff00fe\"\nhidden = false\n");

        _box.Apply().ShouldBe(0);

        _box.Read("etc/wpa_supplicant/kuzzle-edge.conf").ShouldNotBeNull().ShouldContain("ssid=ff00fe\n  key_mgmt=NONE\n");
    }

    [Fact]
    public void The_script_of_Imager_1_is_read_and_not_run()
    {
        _box.Given("firstrun.sh", $$"""
            #!/bin/sh

            set +e

            CURRENT_HOSTNAME=$(cat /etc/hostname | tr -d " \t\n\r")
            if [ -f /usr/lib/raspberrypi-sys-mods/imager_custom ]; then
               /usr/lib/raspberrypi-sys-mods/imager_custom set_hostname shed
            else
               echo shed >/etc/hostname
            fi
            FIRSTUSER=$(getent passwd 1000 | cut -d: -f1)
            if [ -f /usr/lib/raspberrypi-sys-mods/imager_custom ]; then
               /usr/lib/raspberrypi-sys-mods/imager_custom enable_ssh -k '{{Key}}'
            fi
            if [ -f /usr/lib/userconf-pi/userconf ]; then
               /usr/lib/userconf-pi/userconf 'joe' '$y$j9T$salt$hash'
            fi
            echo 'joe ALL=(ALL) NOPASSWD:ALL' >'/etc/sudoers.d/010_joe-nopasswd'
            if [ -f /usr/lib/raspberrypi-sys-mods/imager_custom ]; then
               /usr/lib/raspberrypi-sys-mods/imager_custom set_wlan  -h 'Allotment' '{{Psk}}' 'GB'
            fi
            if [ -f /usr/lib/raspberrypi-sys-mods/imager_custom ]; then
               /usr/lib/raspberrypi-sys-mods/imager_custom set_keymap 'gb'
               /usr/lib/raspberrypi-sys-mods/imager_custom set_timezone 'Europe/Paris'
            fi
            rm -f /boot/firstrun.sh
            sed -i 's| systemd.run.*||g' /boot/cmdline.txt
            exit 0
            """);

        _box.Apply().ShouldBe(0);

        ShouldBeTheShed();
        _box.ReadCard("firstrun.sh").ShouldBeNull();
    }

    [Fact]
    public void A_quotation_mark_in_a_network_s_name_survives_the_script()
    {
        _box.Given("firstrun.sh", "/usr/lib/raspberrypi-sys-mods/imager_custom set_wlan 'Joe'\"'\"'s \"shed\"' 'hush hush' 'GB'\n");

        _box.Apply().ShouldBe(0);

        _box.Read("etc/wpa_supplicant/kuzzle-edge.conf").ShouldNotBeNull().ShouldContain($"ssid={Convert.ToHexStringLower("Joe's \"shed\""u8)}\n");
    }

    private void ShouldBeTheShed()
    {
        _box.Read("etc/hostname").ShouldBe("shed\n");
        _box.Read("home/joe/.ssh/authorized_keys").ShouldBe(Key + "\n");
        _box.Read("etc/ssh/sshd_config.d/40-first-boot.conf").ShouldBe("PasswordAuthentication no\n");
        _box.Read("etc/sudoers.d/first-boot").ShouldBe("joe ALL=(ALL:ALL) NOPASSWD: ALL\n");
        _box.Tools.Calls[0].ShouldBe("useradd --create-home --shell /bin/bash -- joe");
        _box.Tools.Calls[1].ShouldBe("chpasswd --encrypted < joe:$y$j9T$salt$hash");
        var wireless = _box.Read("etc/wpa_supplicant/kuzzle-edge.conf").ShouldNotBeNull();
        wireless.ShouldContain("country=GB\n");
        wireless.ShouldContain($"ssid={Convert.ToHexStringLower("Allotment"u8)}\n  scan_ssid=1\n  key_mgmt=WPA-PSK\n  psk={Psk}\n");
        new FileInfo(Path.Combine(_box.Root, "etc/localtime")).LinkTarget.ShouldBe("/usr/share/zoneinfo/Europe/Paris");
    }
}

//! Which test holds which rule of which RFC.
//!
//! Tests are named by their file and their name; those of a whole agent are in `tests/agent`. A
//! test of this crate sees to it that each name in this table is that of a test.
//!
//! # RFC 3261, SIP
//!
//! | section | rule | tests |
//! |---|---|---|
//! | 7.3.1 | headers are read whatever their case, folding, blanks and short names | `messages::the_field_is_met_with_leniency`, `reading::blanks_and_folds_are_nowhere_in_the_way` |
//! | 7.3.1 | what is not understood is carried on unchanged | `messages::bytes_that_are_no_text_survive_in_headers_and_bodies`, `main::accepted_messages_are_written_as_they_were_read` |
//! | 7.3.1, 25.1 | a bare carriage return and a NUL in the head are malformed | `messages::a_bare_carriage_return_and_a_nul_are_malformed` |
//! | 8.1.3.2 | an unknown final response counts as x00 of its class | `caller::each_refusal_has_its_reason` |
//! | 8.1.3.3 | a response with two Via is somebody else's | `garbage::a_response_for_somebody_behind_us_is_dropped` |
//! | 8.1.3.4 | redirections are followed, in order, and not in circles | `redirect::a_redirected_call_goes_to_the_new_address`, `redirect::addresses_are_tried_in_order_of_preference`, `redirect::a_redirect_may_be_redirected_but_never_to_where_the_call_has_been`, `registration::a_redirection_is_followed_once` |
//! | 21.3.3 | an incoming call is sent on with 302 | `callee::a_call_is_sent_on_to_another_address` |
//! | 8.1.3.5 | a SUBSCRIBE repeated after 423 keeps its Call-ID | `subscription::a_longer_interval_is_asked_for_if_the_server_wants_it` |
//! | 8.2.1, 8.2.2.3 | unknown methods and extensions are refused by rule | `callee::what_is_not_understood_is_refused_by_rule`, `update::what_a_request_within_a_dialog_requires_must_be_supported` |
//! | 8.2.2.2 | a request that comes by two ways is merged | `invite_server::an_invite_that_comes_by_two_ways_is_merged` |
//! | 8.2.3 | a body that cannot be used is refused with 415 | `callee::what_is_not_understood_is_refused_by_rule`, `update::an_update_without_sdp_only_refreshes_and_with_another_body_is_refused` |
//! | 9.1 | CANCEL waits for a reaction, and a 2xx that crosses it is acknowledged and ended | `caller::hangup_before_the_first_provisional_waits_and_then_cancels`, `invite_client::a_2xx_that_crosses_the_cancel_is_acknowledged_and_ended`, `caller::a_cancel_that_nobody_obeys_is_given_up` |
//! | 9.2 | CANCEL means the INVITE of its branch, and nothing that is answered | `invite_server::cancel_means_the_invite_of_its_branch_and_sender`, `invite_server::a_cancel_after_the_answer_changes_nothing`, `callee::cancel_of_nothing_is_481` |
//! | 10.2 | one REGISTER at a time, under one Call-ID, with growing numbers | `registration::there_is_one_attempt_on_each_socket_until_it_is_answered`, `registration::a_change_of_mind_waits_for_the_response`, `auth::a_challenge_is_answered_with_the_digest_of_rfc_2617` |
//! | 10.2.2 | a binding is taken back with no time at all | `registration::unregistering_asks_for_no_time_at_all`, `bindings::a_register_for_all_bindings_is_refused` |
//! | 10.2.4 | the server decides how long, and is asked again before the end | `bindings::our_binding_is_found_among_those_of_other_devices`, `bindings::the_refresh_comes_before_the_end_however_short_the_time`, `bindings::a_binding_of_no_time_is_none` |
//! | 10.2.8 | 423 raises the interval | `registration::an_interval_that_is_too_brief_is_raised`, `registration::an_interval_too_brief_that_says_nothing_new_is_final` |
//! | 11.2 | OPTIONS is answered as INVITE would be | `callee::options_are_answered` |
//! | 12.1.2, 12.2.1.1 | route sets, strict routers too | `caller::a_strict_router_is_obeyed`, `bindings::a_service_route_goes_with_its_registration` |
//! | 12.2.1.2 | 408 and 481 end the dialog | `hold::a_far_end_that_does_not_know_the_call_ends_it`, `session_timer::a_refresh_that_finds_nobody_ends_the_call` |
//! | 12.2.2 | numbers grow, targets are refreshed | `confirmed::a_request_out_of_order_is_refused`, `hold::the_contact_of_the_2xx_is_the_new_target` |
//! | 13.2.2.4 | each 2xx of a forked INVITE is acknowledged, and one kept | `forking::a_second_answer_is_acknowledged_and_ended`, `forking::each_branch_is_acknowledged_in_its_own_order`, `forking::a_late_answer_is_left_once_however_often_it_is_repeated` |
//! | 13.3.1 | Expires ends a ringing call | `callee::a_long_ring_is_refreshed_and_its_expiry_obeyed` |
//! | 13.3.1.4 | a 2xx is repeated until its ACK comes | `callee::the_answer_is_repeated_until_the_ack_comes`, `callee::an_answer_that_nobody_acknowledges_ends_with_bye` |
//! | 14.1 | 491, and the pause after it | `glare::whoever_called_waits_longer_after_a_glare`, `glare::after_a_glare_the_far_ends_reinvite_is_taken_and_ours_is_sent_again`, `redirect::an_invite_that_met_another_is_sent_again_after_two_to_four_seconds` |
//! | 14.1 | a refused re-INVITE leaves the session as it was | `hold::a_refused_hold_leaves_the_call_as_it_was`, `confirmed::a_reinvite_that_cannot_be_answered_leaves_the_call_as_it_was` |
//! | 14.2 | one INVITE at a time within a dialog | `confirmed::a_second_reinvite_must_wait`, `glare::offers_that_cross_ours_are_491_and_refreshes_are_not` |
//! | 15.1 | BYE, crossing ones too, and none before the ACK | `confirmed::crossing_byes_end_the_call_once`, `callee::hangup_before_the_ack_waits_for_it`, `callee::bye_before_the_answer_ends_the_invite_too` |
//! | 17.1.1 | the INVITE client transaction, timer B | `invite_client::calling_ends_by_timer_b_and_not_before`, `invite_client::proceeding_has_no_timer`, `invite_client::a_refusal_is_acknowledged_on_the_same_branch_and_once` |
//! | 17.1.2 | the other client transaction, timer F | `request_client::trying_ends_by_timer_f_and_not_before`, `request_client::a_provisional_does_not_put_timer_f_off`, `request_client::a_final_response_ends_it_at_once` |
//! | 17.1.3, 18.1.2 | which response is whose | `invite_client::what_is_not_for_this_transaction_changes_nothing`, `invite_client::the_answer_to_cancel_is_not_that_to_invite` |
//! | 17.2.1 | the INVITE server transaction, 100 after 200 ms, timer H | `invite_server::a_repeated_invite_gets_the_latest_response`, `invite_server::a_refused_invite_ends_by_its_ack`, `invite_server::a_refused_invite_without_an_ack_ends_by_timer_h`, `confirmed::a_slow_reinvite_says_trying` |
//! | 17.2.2 | the other server transaction | `request_server::a_repeated_request_is_not_a_second_one`, `request_server::what_is_not_answered_in_time_is_not_answered` |
//! | 17.2.3 | which request is whose, of RFC 2543 too | `invite_server::branches_without_the_cookie_are_told_apart_by_call_and_number` |
//! | 18.3 | Content-Length frames the body | `messages::the_length_frames_the_body`, `reading::the_length_ends_the_message` |
//! | 20.33 | Retry-After is obeyed | `registration::retry_after_is_obeyed`, `registration::an_error_that_passes_is_tried_again_and_one_that_does_not_is_not`, `subscription::a_passing_trouble_is_waited_out_with_growing_pauses` |
//! | 22 | challenges of servers and of every proxy are answered, and refusal ends | `auth::both_challenges_of_one_response_are_answered`, `auth::every_proxy_of_one_response_is_answered`, `auth::proxies_that_ask_one_after_the_other_are_all_answered`, `auth::a_second_plain_rejection_ends_with_credentials_and_does_not_loop`, `auth::a_stale_nonce_is_replaced_but_not_for_ever` |
//! | 22.1 | the ACK to a 2xx repeats the credentials | `caller::a_proxy_challenge_is_answered_and_the_ack_repeats_the_credentials` |
//!
//! # What extends it
//!
//! | RFC, section | rule | tests |
//! |---|---|---|
//! | 2617 3.2.2, 2069 2.4 | digests of MD5, with and without qop | `digest::rfc_2617_section_3_5_md5`, `digest::a_digest_without_qop_is_computed_as_in_rfc_2069` |
//! | 3262 3 | reliable provisional responses are repeated until PRACK | `prack::ringing_is_repeated_with_growing_pauses_until_its_prack_comes`, `prack::ringing_that_nobody_acknowledges_ends_with_504`, `prack::a_prack_for_nothing_is_481` |
//! | 3262 4 | PRACK in the dialog, in order | `prack::reliable_ringing_is_acknowledged_at_once_in_its_dialog`, `prack::what_is_repeated_or_out_of_order_is_not_acknowledged_nor_looked_at` |
//! | 3262 5 | early media with and without reliability | `prack::early_media_plays_with_and_without_reliability` |
//! | 3263 4.3 | another server where one cannot serve | `failover::a_server_that_cannot_serve_is_left_for_another`, `registration::a_server_that_cannot_serve_is_told_to_the_driver` |
//! | 3264 8.4 | hold, from both ends | `hold::a_hold_is_told_when_the_far_end_has_agreed`, `hold::the_far_ends_hold_is_told_when_it_changes`, `hold::inactive_in_answer_to_our_hold_says_nothing_of_the_far_end` |
//! | 3311 5 | UPDATE with and without an offer | `update::one_update_waits_for_the_other`, `update::an_offer_after_a_reliable_answer_is_answered`, `update::an_update_meets_the_callers_own_open_offer`, `confirmed::updates_are_answered_with_and_without_sdp` |
//! | 3323, 3325 | who calls, and who must not be known | `identity::the_network_knows_the_caller_better_than_the_caller`, `identity::a_caller_who_wants_to_be_nobody_is`, `identity::a_rejected_caller_id_is_tried_in_the_next_header` |
//! | 3326 | Reason says why | `callee::a_call_taken_elsewhere_says_so`, `caller::a_gateway_says_why_where_its_status_does_not` |
//! | 3327 5.1 | Path is supported | `bindings::a_gruu_and_a_path_are_asked_for` |
//! | 3428 | messages | `message::a_message_is_delivered`, `message::a_message_that_cannot_be_sent_or_delivered_is_told`, `message::messages_that_cannot_be_shown_are_refused` |
//! | 3515 2.4 | REFER, and what comes of it | `transfer::a_blind_transfer_is_told_step_by_step`, `transfer::a_transfer_is_not_over_before_its_final_status`, `transfer::a_notify_may_overtake_the_answer_to_refer`, `referred::the_far_end_learns_what_comes_of_its_transfer` |
//! | 3608 6.1 | Service-Route leads new requests | `registration::the_service_route_leads_later_calls`, `bindings::a_service_route_goes_with_its_registration`, `message::a_message_takes_the_service_route` |
//! | 3842, 3856, 4235 | waiting messages, presence, dialogs | `notify::each_package_brings_its_state`, `notify::waiting_messages_are_told_unasked` |
//! | 3891 3, 4 | a call takes the place of another | `replaced::an_answered_call_is_replaced_by_one_that_answers_itself`, `replaced::a_call_that_cannot_be_replaced_says_why`, `transfer::an_attended_transfer_names_the_dialog_as_the_target_sees_it` |
//! | 3892 | Referred-By | `identity::a_transferred_call_names_who_sent_it` |
//! | 4028 5 to 9 | who refreshes, when, and 422 | `session_interval::the_answer_settles_who_refreshes`, `session_interval::an_interval_that_is_too_small_is_raised`, `session_timer::the_refresher_sends_update_at_half_the_interval`, `session_timer::a_422_raises_the_interval` |
//! | 4028 4, 7.2 | never less than 90 s | `session_interval::an_interval_below_the_minimum_is_refused`, `session_timer::nobody_refreshes_more_often_than_each_45_seconds` |
//! | 4028 10 | a session that nobody refreshes ends | `session_timer::a_far_end_that_does_not_refresh_ends_the_call_before_its_time` |
//! | 4320 4.2 | no 408, and no late answer, to requests other than INVITE | `request_server::what_is_not_answered_in_time_is_not_answered` |
//! | 4475 | torture | `main::every_case_is_judged_as_the_rfc_says`, `main::the_agent_answers_every_case_as_it_should` |
//! | 4488 | no subscription with REFER | `transfer::a_refer_without_subscription_is_done_when_it_is_accepted`, `referred::whoever_wants_no_notify_gets_none` |
//! | 4916 | a far end becomes somebody else | `confirmed::a_far_end_that_becomes_somebody_else_is_told_once` |
//! | 5118 | IPv6 | `main::every_case_is_judged_as_the_rfc_says`, `main::received_is_read_with_brackets_and_without` |
//! | 5373 | calls that want to be answered at once | `auto_answer::each_way_of_asking_is_told` |
//! | 5626 4.2, 11.6 | instance, flow, and first hops without outbound | `registration::the_request_is_what_rfc_7118_and_rfc_5626_want`, `registration::without_outbound_the_device_is_still_named_and_a_second_439_is_final` |
//! | 5626 4.3 | dialogs stay on their flow | `bindings::without_a_sound_gruu_calls_stay_on_this_flow` |
//! | 5626 4.4.1 | pings, pongs and Flow-Timer | `connection::a_server_that_answered_pings_and_stops_is_gone`, `connection::the_flow_timer_shortens_the_pause`, `connection::what_comes_in_does_not_hide_that_nothing_goes_out`, `connection::a_server_that_answers_no_pings_at_all_has_to_answer_register` |
//! | 5626 4.5 | growing pauses with chance in them | `registration::a_busy_server_is_tried_again_with_growing_pauses`, `failover::pauses_double_up_to_the_longest_and_never_fall_below_half` |
//! | 5627 4 | GRUU | `bindings::a_public_gruu_is_the_contact_of_calls`, `bindings::a_passing_gruu_serves_where_there_is_no_public_one`, `bindings::a_gruu_goes_with_its_registration` |
//! | 5806, 7044 | who was called first | `identity::a_diverted_call_names_who_was_called_first` |
//! | 6026 7.1, 8.5 | an accepted INVITE absorbs copies, timer L | `invite_server::an_accepted_invite_absorbs_copies_until_timer_l` |
//! | 6026 7.2, 8.4 | an accepted INVITE takes further 2xx, timer M | `invite_client::an_accepted_invite_takes_further_2xx_until_timer_m`, `invite_client::after_a_2xx_nothing_else_counts` |
//! | 6086 | INFO | `info::signals_are_sent_one_after_the_other`, `info::other_infos_are_answered_by_rule` |
//! | 6228 | a branch is over before the call is | `forking::a_branch_that_is_said_to_be_over_is_forgotten_and_another_ones_media_plays` |
//! | 6665 4.1 | subscriptions, refreshed, retried, ended | `subscription::a_subscription_is_refreshed_within_its_dialog_before_it_expires`, `subscription::a_notify_before_the_answer_to_subscribe_makes_the_dialog`, `subscription::the_reason_of_the_end_says_what_to_do`, `unsubscribe::unsubscribing_takes_the_last_notify` |
//! | 7118 5, 6 | Via, Contact and keep-alive on a WebSocket | `registration::the_request_is_what_rfc_7118_and_rfc_5626_want`, `connection::a_ping_is_answered_and_a_pong_is_not` |
//! | 7615, 7616 3.5 | the next nonce | `auth::the_next_nonce_of_a_success_is_used` |
//! | 7616 3.4 | nonce count, `-sess` and `auth-int` | `auth::the_refresh_answers_unasked_and_counts_the_nonce_beyond_nine`, `auth::a_session_keeps_its_client_nonce`, `auth::the_body_is_protected_where_nothing_less_is_offered`, `digest::a_session_and_a_protected_body_are_computed_as_in_rfc_7616_section_3_4` |
//! | 7616 3.9, 8760 | SHA-256, and the strongest of several | `digest::rfc_7616_section_3_9_1_md5_and_sha_256`, `auth::the_strongest_digest_is_chosen` |
//! | 8445 9 | new ICE credentials after the loss of the socket | `recovery::after_a_reconnect_the_call_is_negotiated_anew_once_the_registration_is_accepted`, `hold::a_restart_has_new_ice_credentials_and_no_hold_is_told` |
//!
//! # What breaks other stacks
//!
//! | weakness | tests |
//! |---|---|
//! | a call is lost with its socket (JsSIP #738; SIP.js #1095, #1024) | `connection::a_confirmed_call_survives_its_socket`, `recovery::after_a_reconnect_the_call_is_negotiated_anew_once_the_registration_is_accepted` |
//! | two REGISTER, and a wrong state after a reconnect (JsSIP #894, #337) | `registration::there_is_one_attempt_on_each_socket_until_it_is_answered`, `registration::a_response_that_comes_too_late_is_not_the_registration` |
//! | the state of hold when its re-INVITE fails (SIP.js #685) | `hold::a_refused_hold_leaves_the_call_as_it_was` |
//! | 491 breaks the session (JsSIP #771) | `glare::after_a_glare_the_far_ends_reinvite_is_taken_and_ours_is_sent_again` |
//! | CANCEL and 200 cross (JsSIP #836, #597) | `invite_client::a_2xx_that_crosses_the_cancel_is_acknowledged_and_ended` |
//! | early media without 100rel (SIP.js #193, #211) | `prack::early_media_plays_with_and_without_reliability` |
//! | a transfer ends too early or never (JsSIP #556; SIP.js #254, #1069) | `transfer::a_transfer_is_not_over_before_its_final_status`, `transfer::a_transfer_that_nothing_is_heard_of_ends` |
//! | NOTIFY before the answer to SUBSCRIBE (SIP.js #366) | `subscription::a_notify_before_the_answer_to_subscribe_makes_the_dialog` |
//! | a session timer below 90 s (JsSIP #297) | `session_timer::nobody_refreshes_more_often_than_each_45_seconds` |
//! | a socket that receives but no longer sends (JsSIP #744; SIP.js #1061, #1020) | `connection::what_comes_in_does_not_hide_that_nothing_goes_out` |
//! | a strict grammar for From and Contact (JsSIP #938, #560; SIP.js #560) | `field::a_call_rings_whatever_its_from_looks_like`, `field::a_call_rings_whatever_its_contact_looks_like` |
//! | one of several proxy challenges is answered (JsSIP #94) | `auth::every_proxy_of_one_response_is_answered` |
//! | `Contact: *` (JsSIP) | `bindings::a_register_for_all_bindings_is_refused`, `bindings::our_binding_is_found_among_those_of_other_devices` |
//!
//! The seconds lost to ICE gathering (SIP.js #861, #1035; JsSIP #432) are the media side's.
